"""Learning: equations, likeness, the space without languages, thresholds, light examples."""

from __future__ import annotations

import copy
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from bot import equations
from bot.blocks import Likeness
from bot.danger import RECALL_ANY, RECALL_SURE, Thresholds, choose_thresholds, margins, shares
from bot.encoder import DIMENSION
from bot.equations import System, solve
from bot.examples import Clause, Example
from bot.facts import learn_facts, masked, units_of
from bot.importer import Sentence
from bot.kernel import Settings, Space, Support, fit, known_and_unseen
from bot.last_time import LastTime
from bot.learning import split_of, train
from bot.model import Model
from bot.sentences import Sentences

WORDS = "help locked door knife boss money lawyer passport bed doctor child street phone night works pays paid hits left home".split()


def made(count: int, seed: int = 0) -> tuple[list[str], np.ndarray, np.ndarray]:
    """Texts, vectors of length 1 (made so that the label shows in them) and labels."""
    chance = np.random.default_rng(seed)
    labels = chance.choice(["emergency", "past_harm", "greet", "ask_shelter"], count)
    places = {label: chance.normal(size=DIMENSION) for label in np.unique(labels)}
    vectors = np.stack([places[label] + 1.5 * chance.normal(size=DIMENSION) for label in labels])
    texts = [" ".join(chance.choice(WORDS, 6)) + f" {number}" for number in range(count)]
    return texts, (vectors / np.linalg.norm(vectors, axis=1, keepdims=True)).astype(np.float32), labels


def support(texts: list[str], vectors: np.ndarray) -> Support:
    return Support.of(Sentences.of(texts, vectors), np.array(["en"] * len(texts)), Settings())


def check_steps_and_factor_come_to_the_same() -> None:
    texts, vectors, labels = made(1800)
    alike = support(texts, vectors).own_likeness()
    chance = np.random.default_rng(1)
    systems = [
        System(chance.uniform(0.05, 0.3, rows).astype(np.float32), chance.choice([-1.0, 1.0], (rows, 3)).astype(np.float32), start)
        for rows, start in ((1800, 0), (1600, 0), (1500, 300))
    ]
    exact = solve(alike, systems)
    before = equations.EXACT_UP_TO, equations.CLOSE_ENOUGH
    equations.EXACT_UP_TO, equations.CLOSE_ENOUGH = 100, 1e-4
    try:
        steps = solve(alike, systems)
    finally:
        equations.EXACT_UP_TO, equations.CLOSE_ENOUGH = before
    for one, other, system in zip(exact, steps, systems, strict=True):
        assert one.shape == other.shape == system.wanted.shape
        left = alike.dense(system.rows) @ other + system.ridge[:, np.newaxis] * other - system.wanted
        assert np.linalg.norm(left) <= 1e-3 * np.linalg.norm(system.wanted)
        assert np.abs(one - other).max() < 0.02 * np.abs(one).max()


def check_likeness_of_the_support_is_that_of_its_sentences() -> None:
    texts, vectors, _ = made(300)
    own = support(texts, vectors)
    whole = own.own_likeness().dense()
    assert np.allclose(whole, whole.T, atol=1e-4) and np.allclose(np.diag(whole), 1 + Settings().letters, atol=1e-3)
    assert np.allclose(own.likeness(Sentences.of(texts, vectors)), whole, atol=1e-3)


def check_a_group_of_letters_tells_by_how_few_sentences_have_it() -> None:
    texts, vectors, _ = made(300)
    texts, vectors = [*texts, "unheard"], np.vstack([vectors, vectors[:1]])
    sentences = Sentences.of(texts, vectors)
    support = Support.of(sentences, np.zeros(len(texts), dtype=int), Settings())
    having = np.bincount(sentences.letters.indices, minlength=len(support.rarity))
    told = (1 + np.log((1 + len(texts)) / (1 + having))).astype(np.float32)
    common = having > 100
    assert common.any() and not support.rarity[common].any()
    assert np.array_equal(support.rarity[~common], told[~common])
    length = np.sqrt(np.asarray(support.letters.power(2).sum(axis=0)).ravel())
    assert np.allclose(length[length > 0], 1, atol=1e-6)


def check_a_head_beside_another_knows_only_its_stretch() -> None:
    texts, vectors, labels = made(400)
    alike, weight = support(texts, vectors).own_likeness(), np.ones(400)
    whole, part = fit(alike, labels, Settings(), weight, (slice(100, 400),))
    alone = fit(Likeness.dense_of(alike.dense(slice(100, 400))), labels[100:], Settings(), weight[100:])[0]
    assert whole.dual.shape == (400, 4) and part.labels == alone.labels
    assert np.allclose(part.dual, alone.dual, atol=1e-3)


def check_what_only_tells_languages_apart_is_taken_away() -> None:
    _, vectors, _ = made(600)
    accent = np.zeros(DIMENSION, dtype=np.float32)
    accent[0] = 3.0
    languages = np.array(["en", "vi"] * 300)
    spoken = vectors + np.where(languages == "vi", 1, 0)[:, np.newaxis] * accent

    def apart(taken: float) -> float:
        placed = Space.of(spoken, languages, taken).place(spoken)
        return float(np.linalg.norm(placed[languages == "en"].mean(axis=0) - placed[languages == "vi"].mean(axis=0)))

    assert apart(0.8) < 0.5 * apart(0.0) and apart(1.0) < 1e-3
    one = Space.of(vectors, np.array(["en"] * 600), 0.8)
    assert one.foreign.shape == (0, DIMENSION)
    assert abs(float((one.place(vectors) ** 2).sum(axis=1).mean()) - DIMENSION) < 1


def check_a_split_never_parts_sentences_that_say_the_same() -> None:
    _, vectors, labels = made(400)
    found = known_and_unseen(np.concatenate([vectors, vectors]), np.concatenate([labels, labels]))
    assert found is not None and sorted(np.concatenate(found)) == list(range(800))
    known, unseen = ({i % 400 for i in part} for part in found)
    assert known and unseen and not known & unseen
    assert known_and_unseen(vectors[:8], np.array(["a", "b"] * 4)) is None


def check_a_clause_counts_against_a_whole_that_is_over_when_it_is_last_or_clear() -> None:
    limits = Thresholds(sure=0.4, sure_in_clause=0.8, sure_after_harm=0.85, sure_against_whole=0.95, unsure=0.1)
    for whole, clauses, over, share, level in (
        (0.5, [], True, 0.0, "sure"),
        (0.05, [0.9, 0.1], True, 0.0, "unsure"),
        (0.05, [0.1, 0.9], True, 0.0, "sure"),
        (0.05, [0.1, 0.82], True, 0.0, "unsure"),
        (0.05, [0.1, 0.82], False, 0.0, "sure"),
        (0.05, [0.97, 0.1], True, 0.0, "sure"),
        (0.05, [0.9, 0.1], False, 0.0, "sure"),
        (0.05, [0.5, 0.1], True, 0.0, "unsure"),
        (0.05, [0.5, 0.1], False, 0.0, "unsure"),
        (0.2, [], False, 0.05, "none"),
        (0.2, [], False, 0.12, "unsure"),
        (0.05, [0.05, 0.3], False, 0.0, "none"),
    ):
        assert limits.level(whole, clauses, over, share) == level, (whole, clauses, over, share)


def check_the_share_of_danger_counts_all_other_intents() -> None:
    labels = ["emergency", "greet", "past_harm"]
    near_to_one, near_to_none = shares(np.array([[0.0, 0.9, -0.9], [0.0, 0.1, -0.9]]), labels)
    assert near_to_one < near_to_none < 0.5


def check_thresholds_are_met() -> None:
    scores = np.random.default_rng(2).beta(4, 2, 900)
    limits = choose_thresholds(scores, scores**2)
    wanted = {limits.sure: RECALL_SURE, limits.sure_in_clause: 0.8, limits.sure_after_harm: 0.7, limits.sure_against_whole: 0.3}
    assert len(wanted) == 4
    assert abs((scores**2 >= limits.unsure).mean() - RECALL_ANY) < 0.005
    for threshold, recall in wanted.items():
        assert abs((scores >= threshold).mean() - recall) < 0.005


def check_a_model_is_kept_whole_and_calls_danger_by_its_name() -> None:
    texts, vectors, labels = made(900, seed=3)
    kinds = np.where(np.arange(900) % 2, "attack", "medical")
    examples = [
        Example(t, i, "en", str(k) if i == "emergency" else None, border=n % 9 == 0)
        for n, (t, i, k) in enumerate(zip(texts, labels, kinds, strict=True))
    ]
    model, measured = train(examples, vectors, Settings(), split_of(examples, vectors))
    assert measured is not None and (measured[0].argmax(axis=1) == measured[1]).mean() > 0.9
    with TemporaryDirectory() as folder:
        model.save(Path(folder))
        again = Model.load(Path(folder))
    asked = Sentences.of(texts[:50], vectors[:50])
    likeness = again.support.likeness(asked)
    assert np.allclose(again.danger(likeness), model.danger(model.support.likeness(asked)))
    dangerous = labels[:50] == "emergency"
    assert ((again.danger(likeness) >= again.thresholds.sure) == dangerous).mean() > 0.9
    assert again.kind(likeness[0], likeness[0]) in ("attack", "medical")
    assert margins(again.intents.scores(likeness), again.intents.labels).shape == (50,)


def check_data_without_danger_are_refused() -> None:
    texts, vectors, _ = made(20)
    try:
        train([Example(t, "greet", "en", None) for t in texts], vectors, Settings(), None)
    except ValueError as error:
        assert "emergency" in str(error)
    else:
        raise AssertionError


def check_light_examples_are_compared_by_what_they_say() -> None:
    def one(text: str, language: str) -> Sentence:
        return Sentence.of(Message.build(text, "greet", intent_metadata={"language": language}))

    same, other, third = one("hello", "en"), one("hello", "en"), one("hello", "fr")
    assert same == other and same != third and copy.deepcopy(same) == same
    assert len(TrainingData([same, other, third]).training_examples) == 2
    mark = same.fingerprint()
    same.set("intent", "greet")
    assert same.fingerprint() == mark
    same.set("intent", "goodbye")
    assert same.fingerprint() != mark


def check_half_a_likeness_in_sixteen_bits_is_the_whole() -> None:
    texts, vectors, _ = made(2500)
    own = support(texts, vectors)
    alike = own.own_likeness()
    exact = own.likeness(Sentences.of(texts, vectors))
    wanted = np.random.default_rng(3).normal(size=(2500, 7)).astype(np.float32)
    assert np.abs(alike.product(wanted) - exact @ wanted).max() < 2e-2
    some = np.array([0, 5, 1023, 1024, 2499])
    assert np.allclose(alike.part(some, some), exact[np.ix_(some, some)], atol=1e-3)
    assert sum(block.nbytes for block in alike.blocks.values()) < 0.8 * exact.nbytes / 2 + 2500 * 2048


def check_a_training_after_a_small_change_begins_where_the_last_one_ended() -> None:
    texts, vectors, labels = made(900, seed=5)
    examples = [Example(t, i, "en", "attack" if i == "emergency" else None) for t, i in zip(texts, labels, strict=True)]
    last = LastTime()
    model, _ = train(examples, vectors, Settings(), split_of(examples, vectors), last)
    before = equations.EXACT_UP_TO
    equations.EXACT_UP_TO = 100
    try:
        again, _ = train(examples[:-1], vectors[:-1], Settings(), split_of(examples[:-1], vectors[:-1]), last)
    finally:
        equations.EXACT_UP_TO = before
    asked = Sentences.of(texts[:40], vectors[:40])
    one, other = (m.intents.scores(m.support.likeness(asked)).argmax(axis=1) for m in (model, again))
    assert (one == other).mean() > 0.95


def check_facts_are_read_with_what_they_are_not() -> None:
    chance = np.random.default_rng(7)
    names = ["papers=taken", "papers=not_taken", "none", "question"]
    places = {name: chance.normal(size=DIMENSION) for name in names}
    chosen = chance.choice(names, 700)
    vectors = np.stack([places[name] + 1.2 * chance.normal(size=DIMENSION) for name in chosen]).astype(np.float32)
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    texts = [" ".join(chance.choice(WORDS, 5)) + f" {n}" for n in range(700)]
    model = learn_facts([Clause(t, frozenset({str(n)}), "en") for t, n in zip(texts, chosen, strict=True)], vectors)
    read = model.read(Sentences.of([masked(t) for t in texts], vectors))
    for name, said in zip(chosen, read, strict=True):
        values = [f"{r.group}={r.value}" for r in said if r.sure]
        assert values in ([], [name]) or "=" not in name
    assert sum(bool([r for r in said if r.sure]) for name, said in zip(chosen, read, strict=True) if "=" in name) > 250


def check_a_long_clause_is_also_read_before_its_figures() -> None:
    assert units_of("i clean houses 12 hours every day since march 2024") == ["i clean houses 0 hours every day since march 0", "i clean houses"]
    assert units_of("50 euros") == ["0 euros"] and units_of("my boss keeps my passport") == ["my boss keeps my passport"]
