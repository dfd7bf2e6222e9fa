"""Ways to say that something dangerous shall be done, and ways that make a subject harmless."""

import re

MAKING = (
    r"(?:make|making|made|mak(?:e|ing) your own|synthesi[sz]\w*|synthes[ei]s|prepar(?:e|ing)|"
    r"produc(?:e|ing|tion)|manufactur\w*|cook(?:ing)?|brew(?:ing)?|extract(?:ing|ion)?|"
    r"purif\w*|"
    r"isolat(?:e|ing)|cultur(?:e|ing)|grow(?:ing)?|cultivat\w*|weaponi[sz]\w*|aerosoli[sz]\w*|"
    r"dispers\w*|releas(?:e|ing)|spray\w*|build(?:ing)?|construct(?:ing)?|assembl\w*|"
    r"recipe|route|instructions?|blueprint|steps?|precursors?|ingredients?|formula|"
    r"step[\s-]by[\s-]step|protocol|procedure|engineer(?:ing)?|design(?:ing)?|creat(?:e|ing)|"
    r"generat\w*|"
    r"invent\w*|enumerat\w*|propos\w*|suggest|optimi[sz]\w*|improv(?:e|ing)|convert(?:ing)?|"
    r"turn|modif\w*|stabili[sz]\w*|concentrat(?:e|ing)|reconstruct\w*|obtain(?:ing)?|"
    r"buy(?:ing)?|"
    r"order(?:ing)?|purchas\w*|acquire|smuggl\w*|dose|put|mail(?:ing)?|deliver\w*|airborne|"
    r"spread(?:ing)?|make-your-own|refine)"
)
HOW_TO = (
    r"\b(?:how (?:do|can|could|would|should|might|does|did|to|2)(?:\s+(?:i|we|you|one|someone|"
    r"somebody|people|anyone|a person|my \w+))?|how i (?:can|could)|"
    r"(?:instructions?|recipe|steps?|step[\s-]by[\s-]step|guide|tutorial|blueprint|protocol|"
    r"procedure|synthesis route|route|directions|method|way|ways) (?:for|to|of)|"
    r"teach me|show me how|tell me how|explain how to|help me|at home|in (?:a|my|the) "
    r"(?:garage|kitchen|basement|bathtub|shed)|home[\s-]?made|from (?:scratch|household|the "
    r"hardware store|cold medicine)|"
    r"household (?:items|chemicals|products)|i (?:want|need|would like|plan|intend) to|give me|"
    r"write (?:me )?)\b"
)
HARMLESS = re.compile(
    r"\b(?:antidotes?|treat(?:ed|ing|ment|ments|s)?|therap\w+|vaccin\w+|immuni[sz]\w*|"
    r"prophyla\w+|prevent\w*|antitoxins?|antivenoms?|"
    r"reactivat\w*|diagnos\w+|detect(?:ion|ing)?|survivors?|"
    r"poisoning (?:outcomes?|management|cases|in)|management of|exposed|exposure|overdose "
    r"(?:management|deaths|treatment|prevention)|epidemiolog\w+|surveillance|outbreaks?|"
    r"withdrawal|"
    r"addict\w+|dependence|use disorder|misuse|rehabilitation|palliative|analgesi\w+|"
    r"an(?:a)?esthe\w+|pain|sedation|migraine|spasticity|dystonia|wrinkles|overactive bladder|"
    r"papers?|"
    r"literature|studies|evidence|trials?|articles?|abstracts?|reviews?|publications?|patients "
    r"with|randomi[sz]ed|clinical|incidence|prevalence|mortality from|decontaminat\w+|"
    r"protect\w*|"
    r"first responders|triage|forensic|history of|biosafety|biosecurity|regulation|policy|"
    r"chemotherapy|cancer|tumou?r|leuk(?:a)?emia|lymphoma|infections?|poisoned|toxicology|"
    r"toxicity|pharmacokinetics|safety)\b",
    re.I,
)
"""Words of medicine and prevention: with them, a dangerous noun alone does not refuse a request."""

STARTS_MAKING = re.compile(
    r"(?:^|[.!?:;,]\s|\band )\W*(?:please\s+|now\s+|ok\s+|so\s+)?(?:make|culture|grow|"
    r"synthesi[sz]e|produce|extract|purify|build|design|engineer|create|generate|modify|"
    r"reconstruct|turn|convert|cook|spread|contaminate|prepare)\b",
    re.I,
)
"""An order to make something."""

MAKE_NOW = re.compile(
    rf"{HOW_TO}[^.?!]{{0,60}}?\b{MAKING}\b|\b(?:synthesi[sz]e|cook|weaponi[sz]e|aerosoli[sz]\w*|"
    r"culture and)\b",
    re.I,
)
"""A plain wish to make something, which no medical word excuses."""

PEOPLE = (
    r"(?:my|his|her|their|our|an?|the|some|this|that|your)\s+(?:\w+\s+){0,2}?(?:husband|wife|"
    r"boss|neighbou?rs?|colleagues?|partner|girlfriend|boyfriend|ex|ex-\w+|rival|enem(?:y|ies)|"
    r"mother|father|mum|mom|dad|"
    r"parents?|grandmother|grandfather|grandma|grandpa|aunt|uncle|sister|brother|child|"
    r"children|kids?|baby|son|daughter|roommate|teacher|landlord|friend|patient|person|human|"
    r"man|woman|people|"
    r"elderly person|old person|diabetic|stepmother|stepfather|mother-in-law|father-in-law|"
    r"teammate|coworker|co-worker|employee|politician|president|crowd|family)|"
    r"some(?:one|body)|any(?:one|body)|people|humans?|him|her|them|others|a guy|a person|"
    r"somebody else|an? (?:elderly|old) \w+|everyone|commuters|civilians|a diabetic"
)
KILLING = (
    r"(?:kill|murder|poison|assassinate|hurt|harm|injure|overdose|paraly[sz]e|knock out|sedate|"
    r"drug|incapacitate|sterili[sz]e|maim|strangle|suffocate|get rid of|finish off)"
)
IN_SECRET = re.compile(
    r"\b(?:untraceabl\w*|undetect\w*|secretly|in secret|unnotic\w*|without "
    r"(?:\w+\s+){0,3}?(?:trac\w+|caught|detect\w*|notic\w*|know\w*|show\w*|leav\w*|suspic\w*|"
    r"see\w*|consent|evidence)|"
    r"(?:not|never|doesn['’]?t|don['’]?t|do not|won['’]?t|can['’]?t|cannot) "
    r"(?:\w+\s+){0,2}?(?:notice|get caught|be caught|be detected|show up|be traced|leave (?:a "
    r")?trace)|leaves? no trace|no trace|autops\w*|"
    r"post[\s-]?mortem|look(?:s)? (?:like|natural)|natural (?:death|causes)|get(?:ting)? away "
    r"with|so (?:that )?(?:they|he|she) (?:don['’]?t|doesn['’]?t|won['’]?t|passes? out|dies?)|"
    r"inherit)\b",
    re.I,
)
FIRST_PERSON = r"(?:i|i['’]?m|i['’]?d|i['’]?ll|i['’]?ve|me|my|myself)"
