"""Names of what can kill: agents, toxins, pathogens, explosives, drugs of abuse, and their use."""

import re

NERVE_AND_BLISTER = (
    r"sarin|tabun|soman|cyclosarin|novichoks?|a-?23[024]|vx(?:\s+(?:gas|agents?))?|vx|"
    r"nerve?[\s-]?(?:agents?|gas(?:es)?)|mustard[\s-]?(?:gas|agents?)|"
    r"sul(?:f|ph)ur mustard|nitrogen mustard gas|lewisite|phosgene|chemical (?:weapons?|"
    r"warfare|attacks?)|poison(?:ous)? gas(?:es)?|war gas(?:es)?|"
    r"blister agents?|choking agents?|chlorine gas|hydrogen cyanide|zyklon|cyanogen chloride|"
    r"bz agent|gas attacks?|carfentanil aerosol|"
    r"(?:alkyl)?(?:phosphono|phosphoro|phosphor)(?:fluoridates?|fluoridic\w*|amidocyanidates?)|"
    r"phosphonothiol(?:ates?|oates?)|phosphoramidocyanid\w+|"
    r"[gv][\s-]series agents?"
)
TOXINS = (
    r"ricin|abrin|botulinum(?:\s+(?:neuro)?toxins?)?|botulin|saxitoxin|tetrodotoxin|"
    r"conotoxins?|aconitine|batrachotoxin|palytoxin|strychnine|"
    r"shiga toxin|staphylococcal enterotoxin b|bio-?toxins?|toxins?|polonium(?:-?210)?|"
    r"thallium|cyanide|arsenic|antifreeze"
)
PATHOGENS = (
    r"anthrax|bacillus anthracis|smallpox|variola|plague|yersinia pestis|tularemia|ebola|"
    r"marburg|h5n1|h7n9|h1n1|bird flu|avian (?:flu|influenza)|1918 (?:flu|influenza|virus)|"
    r"influenza|sars(?:-cov)?(?:-?\d)?|coronavirus(?:es)?|covid|nipah|pathogens?|virus(?:es)?|"
    r"bacteri(?:a|um)|bioweapons?|biological (?:weapons?|warfare|agents?)|"
    r"bioterror\w*|bio-?agents?|francisella|brucella|burkholderia|mers|measles|polio"
)
EXPLOSIVES = (
    r"(?:pipe|nail|dirty|car|fertili[sz]er|petrol|pressure[\s-]?cooker|home[\s-]?made|"
    r"suicide)[\s-]?bombs?|bombs?|explosives?|tatp|hmtd|petn|rdx|c-?4(?=\s*(?:explosive|$|"
    r"[?.!,]))|semtex|tnt|"
    r"nitroglycerine?|acetone peroxide|triacetone triperoxide|thermite|napalm|"
    r"molotov(?:\s+cocktails?)?|grenades?|detonators?|gunpowder|ied|ammonium nitrate|anfo|"
    r"dynamite|silencers?|firearms?"
)
DRUGS = (
    r"fentanyl|carfentanil|\w*fentanils?|nitazenes?|\w*nitazene|meth|methamphetamines?|crystal "
    r"meth|amphetamines?|speed|mdma|ecstasy|cocaine|crack(?: cocaine)?|heroin|lsd|dmt|"
    r"ghb|pcp|ketamine|krokodil|desomorphine|opium|opioids?|opiates?|morphine|codeine|"
    r"oxycodone|oxycontin|hydrocodone|benzodiazepines?|benzos|xanax|rohypnol|flunitrazepam|"
    r"bath salts|mephedrone|cathinones?|spice|k2|synthetic cannabinoids?|psilocybin|mescaline|"
    r"designer drugs?|legal highs?|date[\s-]rape drugs?|controlled (?:substances?|drugs?)|"
    r"street drugs?|party drugs?|steroids|cough syrup|lean|purple drank|pseudoephedrine"
)
POISONS = (
    r"poison(?:s|ing|ous)?|venom|overdos\w+|lethal|deadly|deadlier|deadliest|fatal|"
    r"toxic(?:ity)?|untraceable|undetectable"
)
HARM = (
    r"kill(?:s|ing|ed)?|murder\w*|assassinat\w*|hurt(?:ing)?|harm(?:ing|ful)?|suicid\w*|"
    r"self[\s-]?harm\w*|die|dies|death|end (?:my|his|her|their) life|attack(?:s|ing)?|"
    r"weaponi[sz]\w*|weapons?|"
    r"terror\w*|sabotag\w*|hang myself|cut myself|starve|re-?identif\w*|de-?anonymi[sz]\w*|"
    r"de-?identif\w*|spike|spiking|drug (?:someone|somebody|her|him)|rape|abuse|stalk\w*|"
    r"blackmail\w*|"
    r"falsif\w*|fabricat\w*|forge|divert\w*|evade|aerosoli[sz]\w*|contaminat\w*|virulen\w*|"
    r"transmissib\w*|names? of|identify|who (?:these|the|is|are)|neighbou?rs?|facebook|"
    r"linkedin"
)


def pattern(*groups: str) -> re.Pattern[str]:
    """Compiles alternatives that stand as whole words."""
    return re.compile(rf"(?<![\w-])(?:{'|'.join(groups)})(?![\w])", re.I)


ANY_HAZARD = pattern(NERVE_AND_BLISTER, TOXINS, PATHOGENS, EXPLOSIVES, DRUGS, POISONS, HARM)


def names_hazard(text: str) -> bool:
    """Tells whether a text has any word that could be part of a dangerous request."""
    return bool(ANY_HAZARD.search(text))
