"""The words by which questions and findings say which way something goes."""

import re

UP = frozenset(
    """increase increases increased increasing raise raises raised raising elevate elevates elevated
    higher greater more gain gained gaining gains prolong prolongs prolonged lengthen lengthened
    longer accelerate accelerates accelerated promote promotes promoted enhance enhances enhanced
    induce induces induced cause causes caused causing trigger triggers provoke provokes rise rises
    rose risen doubled double tripled upregulate upregulated stimulate stimulates stimulated
    larger frequent commoner excess""".split()  # noqa: SIM905  # as words they can be read
)
DOWN = frozenset(
    """decrease decreases decreased decreasing reduce reduces reduced reducing lower lowers lowered
    lowering fewer less lose loses lost losing shorten shortens shortened shorter slow slows slowed
    slower prevent prevents prevented preventing protect protects protected protecting inhibit
    inhibits inhibited suppress suppresses suppressed diminish diminishes diminished attenuate
    attenuates attenuated decline declines declined fall falls fell fallen inversely negatively
    avoid avoids avoided relieve relieves relieved alleviate alleviates alleviated halved smaller
    protective delay delays delayed eliminate eradicate cure cures cured""".split()  # noqa: SIM905
)
GOOD = frozenset(
    """improve improves improved improving benefit benefits benefited benefitted beneficial
    effective efficacious help helps helped work works worked better superior safe safely tolerated
    favourable favorable successful outperformed""".split()  # noqa: SIM905
)
BAD = frozenset(
    """worsen worsens worsened worsening harm harms harmed harmful damage damages damaged damaging
    impair impairs impaired deteriorate deteriorates deteriorated unsafe toxic inferior worse
    dangerous aggravate aggravated detrimental""".split()  # noqa: SIM905
)
INTRANSITIVE = frozenset("with in than among for after on at by from to during when".split())  # noqa: SIM905
"""Words after a verb or comparative whose quantity stands before it: "survival was longer with"."""

FALLING = frozenset("loss decline reduction decrease drop fall lowering decrement".split())  # noqa: SIM905
RISING = frozenset("gain increase rise elevation excess".split())  # noqa: SIM905
WELCOME = frozenset(
    """survival survivor function capacity quality adherence memory cognition ovulation fertility
    recovery remission response healing performance accuracy hearing density satisfaction knowledge
    compliance success efficacy mobility strength independence""".split()  # noqa: SIM905
)
UNWELCOME = frozenset(
    """fracture death mortality risk pain stroke infarction bleeding hemorrhage haemorrhage cancer
    tumor infection complication diabetes stay attack symptom severity incidence disease failure
    depression migraine headache flare recurrence relapse morbidity event readmission
    hospitalization hospitalisation disability nausea vomiting fatigue anxiety damage injury
    thrombosis embolism sepsis fibrosis pneumonia asthma exacerbation dementia cost error delay
    toxicity mortalities ulcer fall eczema arrest seizure obesity hypertension fibrillation caries
    osteoporosis impairment""".split()  # noqa: SIM905
)
NONE = re.compile(
    r"\b(?:not?|nor|neither|never|fail(?:ed|s)? to|without)\b(?! only\b)(?:\W+\w+){0,4}?\W+"
    r"(?:differ|associat|correlat|relat|effect|efficac|influenc|impact|chang|benefi|improv|increas"
    r"|decreas|reduc|rais|prevent|affect|alter|link|predict|significan|short|prolong|worse|better"
    r"|slow|protect|help|superior|advantag|lower|higher|longer|fewer|more|less)\w*"
    r"|\bsimilar\b|\bcomparable\b|\bunchanged\b|\bthe same\b|\black of (?:effect|benefit)"
    r"|\bunrelated\b",
    re.IGNORECASE,
)
SIGNIFICANT = re.compile(r"\bp\s*[<=]\s*0?[.·]0[0-4]", re.IGNORECASE)
NOT_FEWER = re.compile(
    r"\bno (?:fewer|less|more|better|worse|longer|higher|lower)\b", re.IGNORECASE
)
NO_EFFECT = re.compile(
    r"\b(?:no|same|similar|comparable) (?:\w+ )?(?:effect|change|difference|association|influence"
    r"|impact)",
    re.IGNORECASE,
)
NEGATION = re.compile(
    r"\b(?:does|do|did|is|are|was|were|can|will|has|have)\b[^?]*\bnot\b(?! only)"
    r"|\b(?:doesn|don|isn|aren|didn|can|won)['’]?t\b",
    re.IGNORECASE,
)
OR_NOT = re.compile(r"\bor not\b", re.IGNORECASE)
ATTRIBUTE = re.compile(
    r"\b\w+-(?:lowering|reducing|increasing|raising|induced|promoting)\b", re.IGNORECASE
)
"""Words of direction that say what something is, not what was found of it."""

SAFETY = re.compile(
    r"\b(?:safe|safely|safety|harmful|harms?|dangerous|risky|toxic)\b", re.IGNORECASE
)
ADVERSE = re.compile(
    r"\b(?:safe(?:ty|ly)?|tolerated|adverse|side effects?|harm\w*|toxicit\w+|complications?|deaths?"
    r"|mortality|bleeding|malformations?|damage|fractures?|risk|worse\w*|loss|infarction|stroke)\b",
    re.IGNORECASE,
)
THAN = re.compile(
    r"\b(?:than|versus|vs\.?|compared (?:with|to)|over)\s+"
    r"(?:that of |those of |with |in |for )*",
    re.IGNORECASE,
)
RATIO = re.compile(
    r"\b(?:(?-i:a?HR|a?OR|a?RR)|hazard ratio|odds ratio|relative risk|risk ratio"
    r"|rate ratio)\b\D{0,24}?"
    r"(\d+(?:[.·]\d+)?)(?:\D{0,16}?(?:95\s*%)?\D{0,10}?CI\D{0,6}(\d+(?:[.·]\d+)?)\s*(?:-|–|to|,|;)\s*(\d+(?:[.·]\d+)?))?",
    re.IGNORECASE,
)  # fmt: skip
_ARM = r"(\d+(?:[.·]\d+)?)\s?%\s*(?:\([^)]*\)\s*)?(?:with|in|of|on|for|after)\s+(?:the\s+)?([\w-]+)"
ARMS = re.compile(
    rf"{_ARM}[^.;]{{0,50}}?(?:and|v|vs|versus|compared with|against|than)\.?\s+{_ARM}",
    re.IGNORECASE,
)
"""Shares in two arms, each with what it is of: groups 1 and 2, 3 and 4."""
