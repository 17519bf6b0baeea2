"""hotline evaluate: how well the reader reads labelled texts."""

from dataclasses import replace
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from hotline.cli.frame import with_keywords
from hotline.settings import settings

if TYPE_CHECKING:
    from hotline.classification.evaluate import Figures, Pairs
    from hotline.classification.examples import Example
    from hotline.classification.language_model import SecondReader
    from hotline.classification.reading import Reader


class Another(StrEnum):
    """What may be asked beside the reader's own models."""

    LANGUAGE_MODEL = "language-model"


def evaluate(
    file: Annotated[
        Path | None, typer.Argument(help='Lines of {"text", "topic", "language", "urgent"}; "writer" and "style" help.')
    ] = None,
    errors: Annotated[bool, typer.Option("--errors", help="Print every text that was read wrongly.")] = False,
    linear: Annotated[bool, typer.Option("--linear", help="Without the embedding, also where it runs.")] = False,
    with_: Annotated[
        Another | None, typer.Option("--with", help="Ask the language model of HOTLINE_LANGUAGE_MODEL_URL as well.")
    ] = None,
    curve: Annotated[
        bool, typer.Option("--curve", help="What more texts and more writers give FILE; minutes.")
    ] = False,
) -> None:
    """Print how well the texts of FILE are read; without it the training texts, each by what other writers wrote."""
    from hotline.classification import artefact, embedding
    from hotline.classification import evaluate as figures
    from hotline.classification.examples import examples
    from hotline.classification.reading import Reader

    folder = settings().data_dir / "models"
    if (curve or with_) and file is None:
        asked = "--curve" if curve else "--with"
        raise typer.BadParameter(f"{asked} needs texts that nobody learns from", param_hint="FILE")
    if file is None:
        joining = not linear and embedding.why_not() is None
        with with_keywords("evaluate"):
            texts, model, held = artefact.left_out(folder, _say, joining)
        readings = Reader(model).readings([one.text for one in texts], held.topics, held.urgent_because)
        pairs = list(zip(texts, readings, strict=True))
        print(f"{'joined' if joining else 'linear'} model, each writer read by what the others wrote")
    else:
        try:
            texts = examples([file])
        except (OSError, ValueError) as error:
            raise typer.BadParameter(getattr(error, "strerror", None) or str(error), param_hint="FILE") from None
        if not texts:
            raise typer.BadParameter("it holds no texts", param_hint="FILE")
        if curve:
            _print_curve(texts)
            return
        with with_keywords("evaluate"):
            reader = Reader(artefact.linear(folder, _say)) if linear else Reader.load(folder, _say)
        pairs, ms = figures.evaluate(_asking(reader) if with_ else reader, texts)
        also = f" with {settings().language_model} at {settings().language_model_url}" if with_ else ""
        print(f"{'linear' if reader.model.meaning is None else 'joined'} model{also}, {ms:.1f} ms a text")
    _print(pairs)
    if errors:
        _print_errors(pairs)


def _say(line: str) -> None:
    typer.echo(line, err=True)


def _asking(reader: "Reader") -> "SecondReader":
    """The reader with the language model behind it."""
    from hotline.classification.language_model import LanguageModel, SecondReader

    try:
        model = LanguageModel.of_settings()
    except OSError as error:
        raise typer.BadParameter(f"its key cannot be read: {error.strerror}", param_hint="--with") from None
    if model is None:
        raise typer.BadParameter("HOTLINE_LANGUAGE_MODEL_URL is not set", param_hint="--with")
    return SecondReader(reader, model)


HEADS = "texts  macro-F1  right  top 3  language  urgent F1  routed  accuracy"


def _print_curve(unseen: "list[Example]") -> None:
    from hotline.classification.curve import curve
    from hotline.classification.examples import examples, keywords, training_files

    print(f"the linear model, learned from\n{'':24}{HEADS}")
    for name, texts, found in curve(examples(training_files()), keywords(), unseen):
        print(f"{name}:")
        _print_row("", replace(found, texts=texts))


def _print(pairs: "Pairs") -> None:
    from hotline.classification.evaluate import by, by_topic, confusion, figures

    print(f"\n{'':24}{HEADS}")
    _print_row("all", figures(pairs))
    for name, rows in (
        ("style", by(pairs, lambda one: one.style)),
        ("writer", by(pairs, lambda one: one.writer)),
        ("language", by(pairs, lambda one: one.language)),
        ("kind", by(pairs, lambda one: one.kind)),
    ):
        print(f"by {name}")
        for group, some in rows:
            _print_row(f"  {group}", some)
    print(f"\n{'topic':24}texts  precision  recall     F1")
    for topic, texts, precision, recall, f1 in by_topic(pairs):
        print(f"  {topic:22}{texts:5}  {precision:9.3f}  {recall:6.3f}  {f1:5.3f}")
    print("\ntaken for another, the most frequent first")
    for right, said, count in confusion(pairs)[:15]:
        print(f"  {count:4}  {right} as {said}")


def _print_row(name: str, some: "Figures") -> None:
    urgent, accuracy = _or_dash(some.urgent_f1), _or_dash(some.routed_accuracy)
    topic = f"{some.topic_macro_f1:8.3f}  {some.topic_right:5.3f}  {some.in_first_three:5.3f}"
    rest = f"{some.language_accuracy:8.3f}  {urgent:>9}  {some.routed_coverage:6.3f}  {accuracy:>8}"
    print(f"{name:24}{some.texts:5}  {topic}  {rest}")


def _or_dash(share: float | None) -> str:
    return "-" if share is None else f"{share:.3f}"


def _print_errors(pairs: "Pairs") -> None:
    for one, reading in pairs:
        wrong = []
        if reading.topic != one.topic:
            sure = ", routed" if reading.routed else ""
            wrong.append(f"{one.topic} as {reading.topic} ({reading.confidence:.2f}{sure})")
        if reading.language != one.language:
            wrong.append(f"{one.language} as {reading.language}")
        if reading.urgent != one.urgent:
            wrong.append("urgent, not seen" if one.urgent else "not urgent, taken for it")
        if wrong:
            print(f"\n{'; '.join(wrong)} [{one.writer} {one.style} {one.kind}]\n  {' '.join(one.text.split())}")
