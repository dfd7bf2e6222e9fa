"""Which tool takes a trained model, so that one given to another tool is sent on to it."""

from models.errors import FieldFault, ToolError

ON_TABLES = "a model on tables (srv, clf, reg)"
ON_MOLECULES = "a model of molecules (prop, aff)"
ON_IMAGES = "a model that reads images (img, seg)"

USERS = {
    "image_classifier": "analyze_image reads an image with it",
    "image_segmenter": "analyze_image outlines an image with it",
    "molecule_generator": "generate_molecules draws molecules from it",
    "affinity_model": "predict takes it, with SMILES and proteins or a table of pairs",
    "property_model": "predict and explain_model take it, with SMILES or a table of them",
    "image_generator": "generate_medical_images draws images with it",
}
"""What takes a model, by its kind; the rest are models on tables."""


def wrong_model(name: str, kind: str, expected: str) -> ToolError:
    """Returns the error for a model of another kind than a tool takes.

    Args:
        name: The model's short name.
        kind: The kind of its family.
        expected: What the tool takes.
    """
    user = USERS.get(kind, "predict and explain_model take it")
    wrong = FieldFault(field="model", got=f"{name!r}, {_article(kind)}", expected=expected)
    return ToolError(f"{name} is {_article(kind)}: {user}.", wrong)


def _article(kind: str) -> str:
    spoken = kind.replace("_", " ")
    return f"{'an' if spoken[0] in 'aeiou' else 'a'} {spoken}"
