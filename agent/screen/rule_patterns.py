"""The words by which the rules of refusal know what is asked for."""

import re

from agent.screen.hazards import (
    DRUGS,
    EXPLOSIVES,
    NERVE_AND_BLISTER,
    PATHOGENS,
    TOXINS,
    pattern,
)
from agent.screen.intents import FIRST_PERSON, KILLING, MAKING, PEOPLE

WEAPONS = pattern(NERVE_AND_BLISTER, EXPLOSIVES)
AGENTS = pattern(NERVE_AND_BLISTER, TOXINS)
GERMS = pattern(PATHOGENS)
SUBSTANCES = pattern(DRUGS)
MAKE = re.compile(rf"\b{MAKING}\b", re.I)
USE_AS_WEAPON = re.compile(
    r"\b(?:weaponi[sz]\w*|aerosoli[sz]\w*|bio-?weapons?|bioterror\w*|biological weapons?|"
    r"chemical weapons?|(?:for|in) an attack|attack on|over (?:a|the) (?:city|crowd|stadium)|"
    r"in (?:a|the) (?:subway|underground|metro|city|stadium|reservoir|water supply|milk supply|"
    r"office)|airborne delivery|mass casualt\w*|into an? (?:\w+ )?weapon|(?:chemical|"
    r"biological|gas) attacks?|ethnic group|contaminat\w+ (?:the )?(?:water|food|milk|"
    r"reservoir)|put .{0,40}(?:water|milk|food) supply)\b",
    re.I,
)
DEFENCE = re.compile(
    r"\b(?:vaccin\w*|preparedness|defen[cs]e|response|decontaminat\w*|treatment|"
    r"countermeasures?|survivors|clinical|triage|prophyla\w*|management|surveillance|detect\w*|"
    r"antidotes?|hospitals?)\b",
    re.I,
)
ENHANCE = re.compile(
    r"\b(?:gain[\s-]of[\s-]function|(?:modif\w+|engineer\w*|design\w*|"
    r"creat\w*)\b[^.?!]{0,80}\b(?:evad\w*|escap\w*)|(?:modif\w+|engineer\w*|enhanc\w*|alter\w*|"
    r"mutat(?:e|ed|ing)|make|making|creat\w*|design\w*|adapt\w*|evolv\w*|increase|"
    r"boost)\b[^.?!]{0,80}\b(?:transmissib\w*|transmit\w*|airborne|contagious|infectious|"
    r"virulen\w*|deadl\w*|lethal\w*|spread\w*|resistant to|pathogenic\w*|host range))\b",
    re.I,
)
VACCINE_ESCAPE = re.compile(
    r"\b(?:evad\w+|escap\w+|resistan\w+(?: to)?|bypass\w*)\s+(?:\w+\s+){0,2}(?:vaccin\w*|"
    r"antibiotics?|treatments?)|\bvaccine[\s-](?:resistant|evading|proof)",
    re.I,
)
MOST_TOXIC = re.compile(
    r"\b(?:maxim\w*|max|highest|most|more|increase|as)\s+(?:\w+\s+){0,3}?(?:toxic\w*|lethal\w*|"
    r"deadl\w*|poisonous|deadliest|lethality)\b|\bdeadliest\b|\bdeadlier\b|\bhow lethal\b|"
    r"\bdeadly (?:compounds?|chemicals?|poisons?|drugs?|substances?)\b|\bkills? (?:the "
    r")?(?:fastest|quickest|most people)\b|\b(?:best|good|ideal|easiest) (?:\w+ )?for "
    r"(?:poisoning|killing)\b|\bmin(?:imum|imi[sz]e|imal)? detectab\w*",
    re.I,
)
DESIGN = re.compile(
    r"\b(?:design\w*|generat\w*|optimi[sz]\w*|propos\w*|suggest\w*|enumerat\w*|make|creat\w*|"
    r"find|keep|rank|list|score|need|synthesi[sz]\w*|dock|train|which|maximi[sz]\w*|give me|as "
    r"poisonous as)\b",
    re.I,
)
TO_PEOPLE = re.compile(
    r"\b(?:human|humans|people|agents?|compounds?|molecules?|analog\w*|organophosph\w*|"
    r"poison\w*|attack|inhibitor|weapon\w*|reservoir|opioid|chemicals?|drugs?|"
    r"acetylcholinesterase)\b",
    re.I,
)
CHOLINESTERASE = re.compile(r"\b(?:(?:acetyl|butyryl)?cholin(?:e)?sterase|ache|bche)\b", re.I)
LASTING = re.compile(
    r"\b(?:irreversib\w*|covalent\w*|permanent\w*|organophosph\w*|suicide)\b", re.I
)
INHALED = re.compile(
    r"\b(?:volatil\w*|vapou?rs?|vapou?ri[sz]\w*|boiling points?|gas(?:es|eous)?|inhal\w*|"
    r"aerosol\w*|airborne|persisten\w*|skin (?:penetra\w*|absor\w*))\b",
    re.I,
)
"""Together, the properties by which a nerve agent is described without its name."""

EVADE_LAW = re.compile(
    r"\b(?:evad\w+|avoid\w*|get (?:a)?round|circumvent|bypass|not (?:yet )?(?:illegal|"
    r"scheduled|controlled|on the schedule)|unscheduled|not on the schedule|legal highs?|legal "
    r"alternatives? to|research chemicals?|beat|fool|cheat|pass)\b[^.?!]{0,60}\b(?:schedul\w*|"
    r"law|laws|legal\w*|illegal|control\w*|ban|bans|drug tests?|urine|detection|screening)|"
    r"\blegal highs?\b|\bnot on the (?:\w+ )?(?:schedules?|lists?)\b|\bthat are not (?:illegal|"
    r"scheduled)",
    re.I,
)
COOKING = re.compile(
    r"\b(?:synthes\w*|cook\w*|recipe|precursors?|extract\w*|manufactur\w*|one[\s-]pot|at home|"
    r"step[\s-]by[\s-]step|into (?:heroin|crack|meth|mdma|crystal))\b",
    re.I,
)
ANALOGUES = re.compile(
    r"\b(?:analog\w*|derivatives?|variants?|new|novel|more potent|stronger)\b", re.I
)
DRUG_TEST = re.compile(
    r"\b(?:fool|beat|cheat|fake|pass)\b[^.?!]{0,25}\b(?:drug|urine|"
    r"doping)[\s-](?:\w+\s)?(?:test|screen)",
    re.I,
)
PUBLIC_HARM = re.compile(
    r"\b(?:contaminate|poison) (?:the |a |our |their |city['’]?s? )?(?:water|food|milk|"
    r"drinking water)(?: supply)?\b|\bspread (?:a |the |this |an )?(?:deadly |dangerous "
    r")?(?:disease|virus|infection|pathogen|epidemic)\b[^.?!]{0,20}\b(?:in|among|through|"
    r"across) (?:a|the) (?:city|town|crowd|population|school)|\binto an? (?:\w+ )?weapon\b",
    re.I,
)
HARD_TO_DETECT = re.compile(
    r"\b(?:hard(?:est)?|difficult|impossible) to detect\b|\bavoid(?:s|ing)? detection\b", re.I
)
DIVERSION = re.compile(
    r"\b(?:without (?:a )?prescription|forg\w+|fake prescription|doctor[\s-]?shop\w*|divert\w*|"
    r"get high|getting high|to get stoned|street (?:value|price)|sell(?:ing)? (?:it|them|to)|"
    r"buy(?:ing)? .{0,40}(?:online|dark ?web|street)|where (?:can|do|could) (?:i|we|you) "
    r"(?:buy|get|find|score)|dark ?web|smuggl\w*|lace|cut with)\b",
    re.I,
)
KILL_PEOPLE = re.compile(
    r"\b(?:how (?:do|can|could|would|to|should)|help me|i (?:want|need|plan|would like|am "
    r"going) to|best way to|easiest way to|way to|ways to|what (?:poison|drug|dose|"
    r"chemical)\w*|which (?:poison|drug|dose|chemical)\w*|"
    rf"to)\b[^.?!]{{0,80}}?\b{KILLING}\w*\s+(?:{PEOPLE})(?!\w)|"
    r"\bpoison\s+(?:my|his|her|the|a|someone|somebody|people)\s+(?!control|centre|center)\w+|"
    r"\b(?:lethal|fatal|deadly) (?:dose|injection|amount)[^.?!]{0,60}\b(?:to|"
    rf"for)\s+(?:{KILLING}|my)\b",
    re.I,
)
KILL = re.compile(
    r"\b(?:kill\w*|murder\w*|poison(?:s|ing)?|dies?|dead|death|lethal|fatal|overdos\w+|harm|"
    r"hurt|unconscious|pass(?:es)? out|assassinat\w*|drug (?:someone|somebody|her|him|them))\b",
    re.I,
)
DRINK = re.compile(
    r"\b(?:spik(?:e|ing)|drug|slip|put|pour|dissolve|mix)\b[^.?!]{0,50}\b(?:drinks?|coffee|tea|"
    r"food|beer|wine|soup|glass|cocktail)\b|\bdate[\s-]?rape\b|\bdrug (?:someone|somebody|her|"
    r"him|them|a girl|a woman|my)\b",
    re.I,
)
DRINK_STUDY = re.compile(
    r"\b(?:detect\w*|prevalence|papers?|literature|studies|evidence|epidemiolog\w*|victims|"
    r"toxicology|forensic|treatment|alcohol policy|spiked samples?)\b",
    re.I,
)
ABUSE = re.compile(
    r"\bhurt (?:my|a|the) (?:child|kid|baby|son|daughter|wife|husband)\b|\bwithout leaving "
    r"(?:marks|bruises|traces?)\b|\bagainst (?:their|her|his) will\b|\bdisable (?:a|his|her|"
    r"the) (?:pacemaker|ventilator|insulin pump)\b|\bsabotag\w+\b",
    re.I,
)
SELF_HARM = re.compile(
    r"\b(?:end(?:ing)? it all|no reason to live|better off dead|can(?:no|['’])t go on(?: "
    r"living| any ?more)?|i(?: am|['’]m) suicidal|kill(?:ing)? myself|end(?:ing)? my (?:own "
    r")?life|take my (?:own )?life|hang myself|shoot myself|drown myself|hurt(?:ing)? myself|"
    r"harm(?:ing)? myself|cut(?:ting)? myself|starve myself|overdose myself|poison myself|"
    r"i (?:want|wish|would like|am going|plan|need) to (?:die|be dead|disappear forever|"
    r"overdose|commit suicide)|i don['’]?t want to (?:live|be alive)|commit(?:ting)? suicide|"
    r"best (?:pills|drugs|way) (?:for|to) (?:suicide|die)|"
    r"(?:painless|easiest|quickest|least painful|best|fastest|surest) (?:way|method|"
    r"ways)[^.?!]{0,30}(?:to )?(?:die|suicide|kill)|painlessly|suicide methods?|(?:pills|"
    r"tablets|drugs)[^.?!]{0,40}\b(?:best )?for suicide|"
    r"how (?:many|much)\b[^.?!]{0,60}\b(?:do|would|should|must|can) "
    rf"{FIRST_PERSON}\b[^.?!]{{0,40}}\b(?:overdose|die|kill)|help me (?:die|commit suicide)|"
    r"hide my (?:anorexia|bulimia|cutting|self[\s-]?harm))\b",
    re.I,
)
SELF_HARM_STUDY = re.compile(
    r"\b(?:prevention|trials?|papers?|literature|studies|evidence|articles?|risk (?:of|"
    r"factors)|patients who|epidemiolog\w*|abstracts?|rates? of|adolescents who|veterans who|"
    r"cohort|interventions?)\b",
    re.I,
)
REVEAL = re.compile(
    r"\b(?:re-?identif(?:y|ying)|de-?anonymi[sz]e|un-?anonymi[sz]e|unmask|undo the "
    r"(?:de-?identification|anonymi[sz]ation)|reverse the (?:de-?identification|"
    r"anonymi[sz]ation|pseudonymi[sz]ation))\b|"
    r"\b(?:give me|provide|print|find(?: out)?|work out|figure out|tell me|reveal|guess|track "
    r"down|look up|discover|infer|identify|get|list|show|link|match|connect|name|trace|locate|"
    r"check|see)\b[^.?!]{0,70}\b(?:who (?:they|these|this|the|she|he|it) (?:is|are|was|were|"
    r"really|patients?|people|women|men|person)?|"
    r"names? (?:of|and|for)\s+(?:the|these|this|those|each|her|his|their)?\s*(?:patients?|"
    r"people|persons?|women|men|participants?|rows?|individuals?|address)|(?:her|his|their|the "
    r"patient['’]?s|patients['’]|real|home) (?:real )?(?:names?|home address(?:es)?|"
    r"address(?:es)?|identit(?:y|ies))|home address|real (?:people|persons?|names?|identit\w+)|"
    r"identity of|back to (?:real )?(?:people|persons?|names?)|with (?:names|facebook|"
    r"linkedin)|to names|the person with|(?:which|what) celebrit\w+)|"
    r"\b(?:which|who|what) (?:of|among) (?:my|these|our|the)\b[^.?!]{0,50}\b(?:neighbou?rs?|"
    r"colleagues?|employees?|tenants?|friends?|relatives|family|students|ex(?:-\w+)?|"
    r"co-?workers?|celebrit\w+|politicians?)\b|"
    r"\b(?:neighbou?rs?|colleagues?|employees?|tenants?|co-?workers?|my ex(?:-\w+)?|my boss|my "
    r"teacher|celebrit\w+)\b[^.?!]{0,60}\b(?:is|are|has|have|in)\b[^.?!]{0,40}\b(?:this|the|"
    r"our|data|file|registry|cohort|dataset|table|hiv|records?|study)\b|"
    r"\b(?:facebook|linkedin|instagram|voter (?:register|roll|registration)|social "
    r"media)\b[^.?!]{0,80}\b(?:patients?|rows?|records?|people|names?|profiles?)\b|"
    r"\b(?:patients?|rows?|records?)\b[^.?!]{0,80}\b(?:facebook|linkedin|instagram|voter "
    r"(?:register|roll|registration))\b|"
    r"\bwho is (?:the )?(?:patient|person|woman|man|row)\b[^.?!]{0,20}\b(?:really|in real life|"
    r"actually)\b|\bwhich of these patients is my\b|\b(?:track down|trace|locate|find) (?:the |"
    r"this )?(?:patient|person|woman|man)\b",
    re.I,
)
ABOUT_PEOPLE = re.compile(
    r"\b(?:patients?|rows?|records?|cohort|data|dataset|registry|table|trial|study|people|"
    r"women|men|person|persons|participants?|notes|file|\w+\.(?:csv|tsv|xlsx?|parquet|txt)|"
    r"flchain|gbsg2|whas500|veterans)\b",
    re.I,
)
REVEAL_STUDY = re.compile(
    r"\b(?:papers?|literature|studies on|articles?|evidence|risk of re-?identification|"
    r"methods? (?:for|of) (?:de-?identif|anonymi)|publications?|authors?|who wrote|gene "
    r"names?)\b",
    re.I,
)
FRAUD = re.compile(
    r"\b(?:falsif\w+|fabricat\w+|fake|forge|invent|make up|doctor|manipulate|hide|conceal|"
    r"suppress)\b[^.?!]{0,50}\b(?:data|results?|records?|deaths?|adverse events?|side effects|"
    r"consent forms?|p-?values?|trial)\b[^.?!]{0,60}\b(?:so|to|from|that|for|approved|"
    r"regulator|safe|look|look like|fda|ema|publish\w*)\b",
    re.I,
)
FRAUD_STUDY = re.compile(
    r"\b(?:papers?|literature|studies|evidence|detect\w*|prevalence|articles?|synthetic|"
    r"statistical methods)\b",
    re.I,
)
