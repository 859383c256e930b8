"""Nothing is deleted without a question; the last answer alone goes at once, in every language."""

from __future__ import annotations

from typing import Any

import pytest
from turns import a_turn

from actions.topics import deleting
from actions.topics.deleting import Outcome
from actions.turn import Turn
from envelope import Metadata

#: Typed by people; what they want deleted is the last answer.
LAST = [
    ("en", "delete the last answer"), ("en", "pls remove my previous msg"), ("fr", "efface ma dernière réponse"),
    ("fr", "supprimez le dernier message svp"),
    ("es", "borra la última respuesta"), ("de", "lösch bitte die letzte antwort"), ("de", "loesche meine letzte nachricht"),
    ("it", "cancella l'ultima risposta"), ("nl", "verwijder het laatste antwoord"), ("pt", "apaga a minha última resposta"),
    ("pl", "usuń ostatnią odpowiedź"), ("pl", "usun ostatnia odpowiedz"), ("ro", "șterge ultimul răspuns"), ("ro", "sterge ultimul raspuns"),
    ("bg", "изтрий последния ми отговор"), ("bg", "iztrii poslednia otgovor"), ("sq", "fshije përgjigjen e fundit"),
    ("ru", "удалите последний ответ"), ("ru", "udalite posledniy otvet"), ("uk", "видаліть останню відповідь"), ("tr", "son cevabımı sil"),
    ("ar", "امسح آخر جواب"), ("ar", "احذف الإجابة الأخيرة"), ("vi", "xóa câu trả lời cuối cùng"), ("vi", "xoa cau tra loi vua roi"),
    ("zh", "把上一个回答删掉"), ("zh", "删除我刚才的消息"),
]  # fmt: skip
#: Everything, or nothing of ours.
NOT_LAST = [
    ("en", "delete everything"), ("en", "he wiped my phone"), ("en", "i lost all my data"), ("en", "please clear my debt"),
    ("en", "delete all my messages"),
    ("fr", "efface tout ce que j'ai écrit"), ("es", "borra todo"), ("de", "alles löschen was ich geschrieben hab"), ("it", "cancella tutto"),
    ("nl", "wis alles"), ("pt", "apaga tudo"), ("pl", "usuń wszystko"), ("ro", "șterge tot"), ("bg", "изтрий всичко"), ("sq", "fshi gjithçka"),
    ("ru", "удали всё"), ("uk", "видали все"), ("tr", "her şeyi sil"), ("ar", "امسح كل شي"), ("vi", "xóa hết đi"), ("zh", "全部删除"),
]  # fmt: skip
CASE = {"exploitation": [{"country": "DE", "start": "2025-01", "end": "2025-06"}]}


def said(text: str, language: str = "en", intent: str = "delete_data", **more: Any) -> Turn:
    case = {"exploitation": [dict(CASE["exploitation"][0])]}
    known = ["exploitation[0].start", "exploitation[0].end"]
    return a_turn(text, intent, language=language, case=case, **{"order": known, "latest": known[-1:], **more})


def kinds(turn: Turn) -> list[str]:
    return [message.kind for message in turn.messages]


@pytest.mark.parametrize(("language", "text"), NOT_LAST)
def test_a_wish_to_delete_is_asked_about_and_deletes_nothing(language: str, text: str) -> None:
    turn = said(text, language)
    assert deleting.take(turn) is Outcome.ASKED
    assert kinds(turn) == ["confirm"] and turn.interview.deleting
    assert turn.case == CASE and not turn.messages[0].extras.wipe


@pytest.mark.parametrize(("language", "text"), LAST)
@pytest.mark.parametrize("intent", ["delete_data", "correct_answer"])
def test_the_last_answer_alone_is_deleted(language: str, text: str, intent: str) -> None:
    turn = said(text, language, intent)
    assert deleting.take(turn) is Outcome.LAST
    assert turn.case == {"exploitation": [{"country": "DE", "start": "2025-01"}]}
    assert turn.interview.order == ["exploitation[0].start"]
    assert turn.messages[0].extras.forget_last and not turn.messages[0].extras.wipe


def test_the_question_of_a_deleted_answer_is_open_again_inside_the_interview() -> None:
    turn = said("delete the last answer", in_form=True)
    deleting.take(turn)
    assert turn.interview.again == "exploitation[0].end"


@pytest.mark.parametrize(
    ("text", "intent", "outcome"),
    [("yes", "affirm", Outcome.ALL), ("yes delete it all", "delete_data", Outcome.ALL), ("no", "deny", Outcome.KEPT),
     ("No", "affirm", Outcome.KEPT),
     ("i don't know", "dont_know", Outcome.KEPT), ("stop", "stop", Outcome.KEPT),
     ("only the last answer, delete that", "delete_data", Outcome.LAST)],
)  # fmt: skip
def test_the_question_is_answered_in_words(text: str, intent: str, outcome: Outcome) -> None:
    turn = said(text, intent=intent, deleting=True)
    assert deleting.take(turn) is outcome
    assert not turn.interview.deleting
    assert (turn.case == {}) == (outcome is Outcome.ALL)


def test_something_else_closes_the_question_and_deletes_nothing() -> None:
    turn = said("where can i sleep tonight", intent="ask_shelter", deleting=True)
    assert deleting.take(turn) is None
    assert not turn.interview.deleting and turn.case == CASE


def test_a_yes_that_tells_something_deletes_nothing_and_the_question_comes_again() -> None:
    told = [{"text": "x", "facts": [{"group": "violence", "value": "yes", "score": 0.9, "sure": True}]}]
    for more in ({"text": "yes he used to beat me a lot when i was there"}, {"text": "yes he beat me", "clauses": told}):
        turn = said(intent="affirm", deleting=True, **more)
        assert deleting.take(turn) is Outcome.ASKED and kinds(turn) == ["confirm"] and turn.case == CASE


def test_a_yes_below_an_emergency_message_is_about_the_danger() -> None:
    turn = said("yes of course", intent="affirm", deleting=True)
    turn.metadata = Metadata(language="en", country="DE", after_emergency=True)
    assert deleting.take(turn) is None and turn.case == CASE


def test_the_buttons() -> None:
    asked = said("delete everything")
    deleting.take(asked)
    yes, last, no = [button.payload for button in asked.messages[0].buttons]
    for payload, outcome in ((yes, Outcome.ALL), (last, Outcome.LAST), (no, Outcome.KEPT)):
        value = payload.split('"value": "')[1].split('"')[0]
        turn = said("", intent="choose", entities={"fact": "delete", "value": value}, button=True, deleting=True)
        assert deleting.take(turn) is outcome
    # Whoever has told nothing yet has no last answer.
    nothing = a_turn("delete everything", "delete_data")
    deleting.take(nothing)
    assert len(nothing.messages[0].buttons) == 2


def test_an_answer_that_said_several_things_goes_as_a_whole() -> None:
    turn = said("delete the last answer", latest=["exploitation[0].start", "exploitation[0].end"])
    deleting.take(turn)
    assert turn.case == {"exploitation": [{"country": "DE"}]} and turn.interview.order == []


def test_a_list_that_waits_is_what_is_deleted() -> None:
    told = {"exploitation[0].violence": {"value": ["threats"], "words": "he threatened me"}}
    turn = said("delete the last answer", told=told, echo=list(told))
    deleting.take(turn)
    assert turn.interview.told == {} and turn.interview.echo == [] and turn.case == CASE


def test_a_second_job_that_was_begun_by_mistake_is_taken_back() -> None:
    turn = said("delete the last answer", latest=["chat.more_work"], where_work=True)
    deleting.take(turn)
    assert not turn.interview.where_work and turn.case == CASE


def test_a_deleted_country_is_forgotten_by_the_gateway_too() -> None:
    turn = said("delete the last answer", order=["exploitation[0].country"], latest=["exploitation[0].country"])
    deleting.take(turn)
    assert turn.messages[0].extras.settings == {"country": ""} and turn.country is None


def test_without_an_answer_it_says_so() -> None:
    turn = a_turn("delete the last answer", "delete_data")
    assert deleting.take(turn) is Outcome.LAST
    assert "no answer" in turn.messages[0].text
