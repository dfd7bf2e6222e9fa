"""What is said where no tool is called: small talk, questions about the assistant, refusals."""

import re
from collections.abc import Mapping

from agent.llm.embedded.questions import purpose
from tools.registry import Tool

GOODBYE = re.compile(
    r"\b(?:bye|goodbye|good night|see you|cya|ttyl|that['’]?s (?:all|it)|that will be all|"
    r"signing off|done for today|off home|ciao|until next|later)\b",
    re.I,
)
THANKS = re.compile(
    r"\b(?:thank\w*|thx|ty|ta|cheers|appreciat\w+|obliged|merci|gracias|danke|great|helpful|"
    r"brilliant|perfect|excellent|awesome|wonderful|well done|nice work|good job)\b",
    re.I,
)
GREETING = re.compile(
    r"\b(?:hi|hiya|hello|hey|hallo|howdy|good (?:morning|afternoon|evening|day)|greetings|"
    r"morning|evening|meet you|meeting you)\b",
    re.I,
)

DELETES = re.compile(
    r"^\W*(?:(?:please|can you|could you)\s+)*(?:delete|erase|discard|rename|remove)\s+"
    r"(?:(?:my|the|that|this|all|of)\s+)*(?:\w+\s+)?(?:models?|runs?|generators?|library|"
    r"[a-z]{3,4}-\d+)\W*$", re.I,
)  # fmt: skip
"""Wants something of the workspace to be deleted, and nothing else."""

DELETING = re.compile(r"\b(?:delete|remove|erase|discard|rename|move|throw away|drop)\b", re.I)

ABOUT: tuple[tuple[str, re.Pattern[str]], ...] = (
    (
        "nature",
        re.compile(
            r"\b(?:llm|language model|gpt\w*|chatgpt|llama|mistral|openai|ai|human|"
            r"person|robot|bot|"
            r"machine|conscious|feelings|think|real)\b",
            re.I,
        ),
    ),
    (
        "privacy",
        re.compile(
            r"\b(?:protect\w*|secure|data safe|send|sent|share|upload|cloud|leave|leaves|private|"
            r"privacy|gdpr|hipaa|anywhere|stored?|store|log|recorded|record|who can "
            r"see|else|safe with|"
            r"stay|remember|keep)\b",
            re.I,
        ),
    ),
    (
        "trust",
        re.compile(
            r"\b(?:trust|rely|reliable|accurate|clinical|doctor|medical device|medical "
            r"advice|diagnose|"
            r"treat\w*|patients?|approved|certified|mistakes?|wrong|hallucinate|make "
            r"things up|safe)\b",
            re.I,
        ),
    ),
    (
        "offline",
        re.compile(
            r"\b(?:offline|internet|gpu|laptop|memory|locally|local|run|cpu|airgapped|"
            r"api|server)\b",
            re.I,
        ),
    ),
    ("name", re.compile(r"\b(?:name|called|mean|stand for|theriac mean)\b", re.I)),
    (
        "maker",
        re.compile(
            r"\b(?:made|built|build|created|developed|wrote|behind|company|maker|"
            r"author|open source|"
            r"licence|license|version|cost|free)\b",
            re.I,
        ),
    ),
)
"""Topics of questions about the assistant, the first that fits."""

ANSWERS: dict[str, str] = {
    "nature": "I am Theriac's embedded planner: a program, not a person and not a large language "
    "model. I match your request to tools with sentence embeddings and read the details with a "
    "grammar; every number comes from a tool. A language model can be connected with --llm.",
    "privacy": "Everything runs on this machine. Your data, questions and models stay in your "
    "workspace and nothing is sent anywhere unless you ask for it.",
    "trust": "I am a research assistant, not a medical device: check what I report before you "
    "use it, and do not base the treatment of a patient on it alone. Every figure comes with its "
    "run, its confidence interval and its limits, so that it can be checked.",
    "offline": "I work offline and without a GPU: the models train on the CPU of this machine. A "
    "language model server is optional.",
    "name": "I am Theriac. Theriac was the great antidote of ancient pharmacy, mixed from dozens "
    "of ingredients; I mix tools instead.",
    "maker": "I am Theriac, an open research assistant for medicine and drug discovery that runs "
    "on your own machine.",
}


class Replies:
    """Words replies from what the registry holds.

    Args:
        tools: What can be called.
    """

    def __init__(self, tools: Mapping[str, Tool]) -> None:
        purposes = [purpose(tool) for tool in tools.values()]
        self._abilities = "\n".join(f"- {text}" for text in purposes)

    def talk(self, intent: str, text: str) -> str:
        """Answers small talk, or a question about the assistant."""
        if intent == "about_me":
            topics = (topic for topic, pattern in ABOUT if pattern.search(text))
            topic = next(topics, None)
            return ANSWERS[topic] if topic else self.abilities()
        if GOODBYE.search(text):
            return "Goodbye! Your models, runs and library stay in the workspace."
        if THANKS.search(text):
            return "You are welcome. Tell me when there is something else."
        if GREETING.search(text):
            return (
                "Hello! I can search medical literature and train, explain and apply models on "
                "your data. What would you like to do?"
            )
        if DELETING.search(text):
            return (
                "I delete, move and rename nothing. Models and runs are folders of the workspace, "
                "models/ and runs/, and can be removed there."
            )
        return "All right. What would you like to do next?"

    def abilities(self) -> str:
        """Says what can be done here, from the registry."""
        return (
            f"I am Theriac, a local research assistant. I can\n{self._abilities}\n"
            "Try: 'train a cox model on gbsg2 and explain it', or 'papers on metformin and "
            "breast cancer since 2015'."
        )

    @staticmethod
    def refusal(intent: str) -> str:
        """Says no to what is unsafe or somebody else's job."""
        if intent == "unsafe":
            return (
                "I cannot help with that: it could be used to harm people. I can help with "
                "treatment, prevention, antidotes and published evidence."
            )
        return (
            "That is outside what I do. I help with medical literature, patient data, predictive "
            "models and molecules; ask 'what can you do?' for the list."
        )

    @staticmethod
    def empty() -> str:
        """Answers an empty message."""
        return "Your message is empty. What would you like to do?"
