"""Answers to situations as addresses and forms have them: a parameter for each question, or for each ticked box."""

from collections.abc import Iterable, Iterator, Mapping

from onething.domain.definition.questions import Answers, AnswerValue, Question, QuestionType
from onething.services.core.context import AppContext
from onething.web.core.definition_fields import typed_answer


def answers_in(questions: Iterable[Question], given: Mapping[str, str]) -> Answers:
    """What is said of the questions that there are; what else stands there is nobody's."""
    answers: Answers = {}
    for question in questions:
        if question.type is QuestionType.MULTI_CHOICE:
            ticked = [option.value for option in question.options if given.get(f"{question.id}.{option.value}")]
            if ticked or given.get(question.id):  # nothing of what was ticked before: an answer, too
                answers[question.id] = ticked
        elif said := given.get(question.id):
            answers[question.id] = typed_answer(question, said)
    return answers


def parameters_of(answers: Mapping[str, AnswerValue]) -> Iterator[tuple[str, str]]:
    """The other way round."""
    for name, answer in answers.items():
        match answer:
            case bool():
                yield name, "true" if answer else "false"
            case []:
                yield name, "none"
            case list():
                yield from ((f"{name}.{one}", "1") for one in answer)
            case _:
                yield name, str(answer)


def region_in(context: AppContext, given: Mapping[str, str]) -> str | None:
    """Where it is to be handled, as chosen; what is not served is nobody's choice."""
    region = given.get("region", "")
    return region if region in context.catalog.regions else None


def place_of(context: AppContext, ref: str, given: Mapping[str, str]) -> str | None:
    """Where it is to be handled: as chosen, else whose rules the bundle's own address names."""
    named = ref.partition("@")[2].partition(".")[2]
    return region_in(context, given) or region_in(context, {"region": named})


def place_parameters(region: str | None) -> tuple[tuple[str, str], ...]:
    return (("region", region),) if region else ()
