"""Classes of hazardous compounds as substructures; single compounds are in `hazardous.tsv`."""

SIMPLE_AMINE = "[NX3;H2,$([NH][CH3]),$([NH][CH2][CH3])]"
CATHINONE_AMINE = (
    "[NX3;H2,$([NH][CH3]),$([NH][CH2][CH3]),$(N([CH3])[CH3]),$(N1[CH2][CH2][CH2][CH2]1)]"
)
AMPHETAMINE_RING = (
    "[cH,$(c[OH]),$(cO[CH3]),$(cO[CH2][CH3]),$(cO[CH2]O),$(c[F,Cl,Br,I]),$(c[CX4;!$(C(F)(F)F)]),$(cS[CX4]),"
    "$(cN([CH3])[CH3])]"
)
CYCLOHEXYL_AMINE = (
    "[NX3;H2,$([NH][CH3]),$([NH][CH2][CH3]),$([NH][CH2][CH2][CH3]),"
    "$(N1[CH2][CH2][CH2][CH2]1),$(N1[CH2][CH2][CH2,OX2][CH2][CH2]1)]"
)
SHORT_ALKYL = "[$([CH3]),$([CH2][CH3]),$([CH2][CH2][CH3]),$([CH2][CH2][CH2][CH3])]"
NITRO = "[N+](=O)[O-]"

PATTERNS: tuple[tuple[str, str, str], ...] = (
    ("weapon", "nerve agent (CWC schedule 1.A.1)", "[CX4,H][PX4](=O)(F)[OX2][#6]"),
    ("weapon", "nerve agent (CWC schedule 1.A.2)", "[NX3][PX4](=O)(C#N)[OX2][#6]"),
    (
        "weapon",
        "nerve agent (CWC schedules 1.A.3 and 2.A.1)",
        "[CX4,$([OX2][CX4])][PX4](=O)([OX2])[SX2][CH2][CH2][NX3]",
    ),
    ("weapon", "nerve agent (CWC schedule 1.A.13)", "[PX4](=O)(F)[NX2]=[CX3]"),
    ("weapon", "nerve agent (CWC schedule 1.A.14)", "[PX4](=O)(F)([OX2][#6])[OX2][NX2]=[CX3]"),
    ("weapon", "fluorophosphate, the class of the nerve agents", "[PX4](=[O,S])F"),
    (
        "weapon",
        "precursor of nerve agents (CWC schedules 1.B and 2.B)",
        "[#6][PX4](=[O,S])([Cl,Br])[F,Cl,Br,O,S,N]",
    ),
    ("weapon", "sulfur mustard (CWC schedule 1.A.4)", "Cl[CH2][CH2][SX2]*~*Cl"),
    ("weapon", "lewisite (CWC schedule 1.A.5)", "[As]([Cl,$(C=CCl)])[CH]=[CH]Cl"),
    ("weapon", "phosgene (CWC schedule 3)", "[CX3](=O)(Cl)Cl"),
    (
        "weapon",
        "glycolate like BZ (CWC schedule 2.A.3)",
        "O=C(O[CH]1C[NX3]2CCC1CC2)C([OH])(c1ccccc1)[#6]",
    ),
    (
        "pesticide",
        "organophosphate that inhibits acetylcholinesterase",
        "[PX4](=[O,S])([OX2][CX4])([OX2][CX4])[OX2][c,$(C=C),$(P)]",
    ),
    (
        "pesticide",
        "organophosphate that inhibits acetylcholinesterase",
        "[PX4](=O)([OX2][CX4])([OX2][CX4])[SX2][#6]",
    ),
    ("explosive", "organic peroxide", "[OX2][OX2].[OX2][OX2]"),
    ("explosive", "nitramine", f"[NX3]{NITRO}.[NX3]{NITRO}"),
    ("explosive", "nitrate ester", f"[CX4]O{NITRO}.[CX4]O{NITRO}.[CX4]O{NITRO}"),
    ("explosive", "trinitroarene", f"c1({NITRO})cc({NITRO})cc({NITRO})c1"),
    (
        "synthetic opioid",
        "fentanyl-like opioid",
        "[NX3;!$(NC(=O)N)](c1ccccc1)([CX3](=O))[CH]1[CH2][CH2]N[CH2][CH2]1",
    ),
    (
        "synthetic opioid",
        "fentanyl-like opioid",
        "[NX3](c1ccccc1)([CX3](=O))C1CCN(CC1)[CH2][CH2]",
    ),
    (
        "synthetic opioid",
        "nitazene opioid",
        "[NX3][CH2][CH2]n1c([CH2]c2ccccc2)nc2ccccc12",
    ),
    ("synthetic opioid", "opioid like U-47700", "[CX4]N([CX4])C1CCCCC1N([CH3])C(=O)c"),
    (
        "controlled",
        "opioid like morphine",
        "[CH3][NX3]1[#6][#6]C23[#6]5Oc4c([OX2])ccc(c34)[#6][#6]1[#6]2~[#6]~[#6]~[#6]~5",
    ),
    (
        "controlled",
        "amphetamine",
        f"c1({AMPHETAMINE_RING}{AMPHETAMINE_RING}{AMPHETAMINE_RING}[cH,$(cO[CH3])][cH,$(cO[CH3])]1)"
        f"[CH2][CH]([CH3]){SIMPLE_AMINE}",
    ),
    (
        "controlled",
        "phenethylamine hallucinogen",
        "[CH3]Oc1[cH]c([F,Cl,Br,I,$([CX4]),$([SX2][CX4]),$(N(=O)=O),$([N+](=O)[O-])])"
        "c(O[CH3])[cH]c1[CH2][CH2][NX3;H2,$([NH][CH2]c)]",
    ),
    (
        "controlled",
        "phenethylamine hallucinogen",
        "[OX2]([CX4])c1[cH]c([CH2][CH2][NH2])[cH]c(O[CH3])c1[OX2,SX2]",
    ),
    ("controlled", "cathinone", f"c[CX3](=O)[CH]({SHORT_ALKYL}){CATHINONE_AMINE}"),
    ("controlled", "stimulant like methylphenidate", "O=C(O[CH3,CH2])[CH](c)C1CCCC[NH]1"),
    (
        "controlled",
        "cocaine-like tropane",
        "[CX3](=O)([OX2])C1C([$([OX2]C(=O)c),c])CC2CCC1N2",
    ),
    (
        "controlled",
        "lysergamide",
        "[CX3](=O)([NX3;H0])[CH]1[CH2]N([#6])[CH]2[CH2]c3cnc4cccc(c34)C2=[CH]1",
    ),
    (
        "controlled",
        "tryptamine hallucinogen",
        "[cH,$(cO)]1[cH,$(cO)][cH,$(cO)][cH]c2[nH]cc([CH2][CH2,$([CH][CH3]);!R]"
        "[NX3]([CX4;H1,H2,H3;!R])[CX4;H1,H2,H3;!R])c12",
    ),
    (
        "controlled",
        "dissociative like phencyclidine and ketamine",
        f"c[CX4]1({CYCLOHEXYL_AMINE})[CH2][CH2][CH2][CH2][$([CH2]),$(C=O)]1",
    ),
    (
        "controlled",
        "cannabinoid like tetrahydrocannabinol",
        "[#6][CH2]c1cc([OX2])c2C3[#6]~C([CH3])~[#6][#6]C3C([CH3])([CH3])Oc2c1",
    ),
    (
        "controlled",
        "synthetic cannabinoid",
        "[#6][CH2]n1cc(C(=O)[$(c1cccc2ccccc12),$(C1C(C)(C)C1(C)C)])c2ccccc12",
    ),
    (
        "controlled",
        "synthetic cannabinoid",
        "O=C([$([OX2][CH3]),$([NH2])])[CH](C(C)C)[NH]C(=O)c1[n,c]n([CX4])c2ccccc12",
    ),
)
"""Kind, class and SMARTS, as far as public schedules describe the classes by structure."""
