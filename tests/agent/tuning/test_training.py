import random
from collections.abc import Sequence

import pytest
import torch

from agent.llm.tuning.dialogues.dialogue import Dialogue, called, said
from agent.llm.tuning.learning.encoding import IGNORED, DialogueEncoder, Example, batches
from agent.llm.tuning.learning.local import LocalModel
from agent.llm.tuning.learning.lora import attach, merge
from agent.llm.tuning.learning.measure import held_out_figures
from agent.llm.tuning.learning.scratch import make_model, make_tokenizer
from agent.llm.tuning.learning.training import Schedule, train
from models.errors import PrerequisiteError, ToolError

SYSTEMLESS = (
    "{%- for m in messages -%}{%- if m.role == 'system' -%}{{ raise_exception('no system') }}"
    "{%- endif -%}{{ m.content }}{%- endfor -%}"
)
REWRITING = "{{ messages | length }}"


@pytest.fixture(scope="module")
def encoder(dialogues: list[Dialogue]) -> DialogueEncoder:
    return DialogueEncoder(make_tokenizer(dialogues))


@pytest.fixture(scope="module")
def examples(encoder: DialogueEncoder, dialogues: list[Dialogue]) -> list[Example]:
    return [encoder.encode(dialogue) for dialogue in dialogues]


def small_model(encoder: DialogueEncoder, seed: int = 0) -> torch.nn.Module:
    made: torch.nn.Module = make_model(encoder.tokenizer, width=64, layers=1, seed=seed)
    return made


def test_the_reply_alone_is_learnt(encoder: DialogueEncoder, dialogues: list[Dialogue]) -> None:
    dialogue = next(d for d in dialogues if d.kind == "plan")
    example = encoder.encode(dialogue)
    decode = encoder.tokenizer.decode
    assert decode(example.tokens[example.learnt :]) == dialogue.reply["content"] + "<|im_end|>"
    assert decode(example.tokens[: example.learnt]) == encoder.prompt(dialogue.messages[:-1], [])


def test_calls_are_written_in_the_hermes_form(encoder: DialogueEncoder) -> None:
    messages = [said("user", "Profile CCO"), called("profile_molecules", {"smiles": ["CCO"]})]
    _, reply = encoder.texts(Dialogue("call", "Profile CCO", messages, []))
    call = '{"name": "profile_molecules", "arguments": {"smiles": ["CCO"]}}'
    assert reply == f"<tool_call>\n{call}\n</tool_call><|im_end|>"


def test_a_name_has_the_same_tokens_wherever_it_stands(encoder: DialogueEncoder) -> None:
    def inside(text: str) -> str:
        return "|".join(encoder.tokenizer.tokenize(text))

    name = inside("zq_cohort7.csv")
    assert name in inside("train on zq_cohort7.csv now")
    assert name in inside('{"dataset":"zq_cohort7.csv"}')


def test_instructions_are_few_tokens_and_requests_are_not(
    encoder: DialogueEncoder, dialogues: list[Dialogue]
) -> None:
    dialogue = next(d for d in dialogues if d.kind == "plan")
    system, request = dialogue.messages[0]["content"], dialogue.request
    assert len(encoder.tokenizer.tokenize(system)) < len(system) / 10
    assert len(encoder.tokenizer.tokenize(request)) >= len(request.split())


def test_batches_hold_everything_once_and_end_together(examples: list[Example]) -> None:
    made = list(batches(examples, 1500, 1, random.Random(0)))
    seen = sum(len(batch.tokens) for batch in made)
    assert seen == len(examples)
    for batch in made:
        assert batch.tokens.numel() <= 1500 or len(batch.tokens) == 1
        assert (batch.mask[:, -1] == 1).all()
        for tokens, labels in zip(batch.tokens, batch.labels, strict=True):
            reply = labels[labels != IGNORED]
            assert torch.equal(tokens[-len(reply) :], reply)


def test_padding_does_not_change_the_loss(
    encoder: DialogueEncoder, examples: list[Example]
) -> None:
    from agent.llm.tuning.learning.training import _loss

    model = small_model(encoder).eval()
    by_length = sorted(examples, key=lambda e: len(e.tokens))
    pair = [by_length[0], by_length[len(by_length) // 2]]
    (both,) = batches(pair, 100_000, 1, random.Random(0))
    apart = [next(batches([one], 100_000, 1, random.Random(0))) for one in pair]
    counts = torch.tensor([float(len(e.tokens) - e.learnt) for e in pair])
    with torch.no_grad():
        losses = torch.stack([_loss(model, one, torch.device("cpu")) for one in apart])
        together = _loss(model, both, torch.device("cpu"))
    expected = (losses * counts).sum() / counts.sum()
    assert together.item() == pytest.approx(expected.item(), abs=2e-3)


@pytest.mark.slow
def test_a_small_model_learns_a_few_dialogues_by_heart(
    encoder: DialogueEncoder, dialogues: list[Dialogue]
) -> None:
    few = sorted((d for d in dialogues if d.kind == "call"), key=lambda d: len(d.request))[:3]
    model = make_model(encoder.tokenizer, width=128, layers=1, seed=0)
    learnt = [encoder.encode(dialogue) for dialogue in few]
    end = train(model, learnt, 1, Schedule(5e-3, epochs=60))
    assert end.loss < 0.5
    figures = held_out_figures(LocalModel(model=model, encoder=encoder), few)
    assert figures == {"right_tool": 1.0, "right_tool_and_arguments": 1.0, "dialogues": 3}


def test_the_seed_decides(encoder: DialogueEncoder, examples: Sequence[Example]) -> None:
    def trained(seed: int) -> torch.Tensor:
        model = small_model(encoder)
        train(model, examples[:8], 1, Schedule(1e-3, batch_tokens=600, seed=seed))
        return next(model.parameters()).detach()

    assert torch.equal(trained(0), trained(0))
    assert not torch.equal(trained(0), trained(1))


def test_adapters_alone_are_trained_and_then_merged(
    encoder: DialogueEncoder, examples: list[Example]
) -> None:
    model = small_model(encoder)
    before = {name: weight.detach().clone() for name, weight in model.named_parameters()}
    adapted = attach(model, rank=4)
    trainable = [name for name, weight in adapted.named_parameters() if weight.requires_grad]
    assert trainable
    assert all("lora_" in name for name in trainable)
    train(adapted, examples[:8], 1, Schedule(1e-2, epochs=2))
    tokens = torch.tensor([examples[0].tokens])
    adapted.eval()
    with torch.no_grad():
        wanted = adapted(tokens).logits
        merged = merge(adapted)
        assert torch.allclose(merged(tokens).logits, wanted, atol=1e-4)
    after = dict(merged.named_parameters())
    assert after.keys() == before.keys()
    changed = {name for name in before if not torch.equal(before[name], after[name])}
    assert changed == {name for name in before if name.endswith("_proj.weight")}


def test_progress_tells_rate_and_time_left(
    encoder: DialogueEncoder, examples: list[Example]
) -> None:
    told = []
    train(small_model(encoder), examples[:12], 1, Schedule(1e-3, 2, 600), told.append)
    assert [p.step for p in told] == list(range(1, len(told) + 1))
    assert told[-1].fraction == pytest.approx(1)
    assert told[-1].seconds_left == pytest.approx(0, abs=1e-3)
    assert all(p.tokens_per_second > 0 for p in told)
    assert "tokens/s" in str(told[0])


def test_training_ends_when_its_time_is_over(
    encoder: DialogueEncoder, examples: list[Example]
) -> None:
    schedule = Schedule(1e-3, epochs=100_000, batch_tokens=600, seconds=0.5)
    end = train(small_model(encoder), examples[:4], 1, schedule)
    assert 0 < end.step < 100_000


def test_a_training_that_diverges_is_told(
    encoder: DialogueEncoder, examples: list[Example]
) -> None:
    model = small_model(encoder)
    with torch.no_grad():
        next(model.parameters()).fill_(float("nan"))
    with pytest.raises(ToolError, match="lower --rate"):
        train(model, examples[:4], 1, Schedule(1e-3))


def test_nothing_to_learn_is_told(encoder: DialogueEncoder) -> None:
    with pytest.raises(ToolError, match="no dialogues"):
        train(small_model(encoder), [], 1, Schedule(1e-3))


@pytest.mark.parametrize(
    ("template", "why"), [(SYSTEMLESS, "no system"), (REWRITING, "otherwise than it prompts")]
)
def test_a_chat_template_that_cannot_be_used_is_told(
    encoder: DialogueEncoder, dialogues: list[Dialogue], template: str, why: str
) -> None:
    with pytest.raises(PrerequisiteError, match=why):
        DialogueEncoder(encoder.tokenizer, template).encode(dialogues[0])
