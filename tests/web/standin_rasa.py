"""A stand-in for Rasa and the action server whose faults can be ordered by words in a text.

    kill -> danger sure (where nobody had read the text the turn itself says numbers); ALARM -> the turn says them, though none was heard;
    afraid -> danger unsure; SLOWPARSE / HANG / FAIL / EMPTY / SLOW / LATE -> that fault;
    Germany, France -> entity country; french -> intent change_language; move to -> intent change_country;
    choose -> an answer with buttons; hours -> one whose question wants a number; LONG -> forty sentences above the answer;
    setde -> a response that sets the country.

`GET /seen` lists every turn taken, with its start and end, how often readiness was asked for, and the last `Authorization` that came to each
path; `POST /mended` lets every text be read, and what was slow be quick, until `POST /broken`; `POST /cold` leaves the actions cold until
`POST /warm`; `POST /secret` takes the one secret that is right (none: all are).
"""

import argparse
import asyncio
import time
from typing import Any

import uvicorn
from fastapi import FastAPI, Header, Request, Response

app = FastAPI()
seen: list[dict[str, Any]] = []
authorized: dict[str, str] = {}
state: dict[str, Any] = {"mended": False, "cold": False, "secret": "", "asked": 0, "unable": False}
COUNTRIES = {"Germany": "DE", "France": "FR", "Romania": "RO"}


@app.middleware("http")
async def note_authorization(request: Request, call_next: Any) -> Any:
    authorized[request.url.path] = request.headers.get("authorization", "")
    return await call_next(request)


def intent_of(text: str) -> str:
    """The intent the stand-in finds in a text."""
    if "kill" in text:
        return "emergency"
    if "french" in text:
        return "change_language"
    return "change_country" if "move to" in text else "tell_story"


@app.get("/status")
async def status() -> dict[str, str]:
    return {"model_file": "standin.tar.gz"}


@app.get("/webhooks/gateway/ready")
async def ready(authorization: str = Header("")) -> Any:
    state["asked"] += 1
    if state["secret"] and authorization != f"Bearer {state['secret']}":
        return Response(status_code=401)
    return {"database": True, "locks": True, "actions": not state["cold"]}


@app.post("/webhook")
async def actions() -> dict[str, Any]:
    return {"events": [], "responses": [{"custom": {"ready": not state["cold"]}}]}


@app.post("/model/parse")
async def parse(request: Request) -> Any:
    text = (await request.json())["text"]
    if "SLOWPARSE" in text and not state["mended"]:
        await asyncio.sleep(4)
    if "BADPARSE" in text and not state["mended"]:
        return {"intent": None}
    level = "sure" if "kill" in text else "unsure" if "afraid" in text else "none"
    return {
        "text": text,
        "intent": {"name": intent_of(text), "confidence": 0.9},
        "entities": [{"entity": "country", "value": code} for name, code in COUNTRIES.items() if name in text],
        "danger": {"kind": None if level == "none" else "attack", "level": level, "score": 0.5},
    }


@app.post("/webhooks/gateway/messages")
async def turn(request: Request, authorization: str = Header("")) -> Any:
    body = await request.json()
    entry = {**body, "authorization": authorization, "start": time.monotonic(), "end": None}
    seen.append(entry)
    text = body["text"] or body["payload"]
    if "HANG" in text and not state["mended"]:
        await asyncio.sleep(30)
    if "LATE" in text:
        await asyncio.sleep(3.5)
    if "SLOW" in text:
        await asyncio.sleep(0.4)
    entry["end"] = time.monotonic()
    if state["unable"]:
        return {"messages": [{"text": "I cannot answer.", "buttons": [], "kind": "unavailable", "fact": None}]}
    if "FAIL" in text:
        return Response(status_code=500)
    if "EMPTY" in text:
        return {"messages": []}
    unread = body["text"] is not None and body["parse"] is None
    # As the channel does: what nobody has read it reads itself, but for danger where the person has said that it is none.
    if ("kill" in text and unread or "ALARM" in text) and not body["metadata"].get("held"):
        return {"messages": [{"text": "Call 112.", "buttons": [], "kind": "emergency", "fact": None}]}
    answer: dict[str, Any] = {"text": f"You said: {text}", "buttons": [], "kind": "text", "fact": None}
    if "choose" in text:
        answer |= {
            "kind": "question",
            "fact": "work[0].live_in",
            "buttons": [
                {"title": "Yes", "payload": "/affirm"},
                {"title": "No <b>", "payload": '/deny{"a": "b"}'},
            ],
        }
    if "worried" in text:
        # Our own words, which sound like danger to whoever reads them.
        answer |= {"kind": "question", "buttons": [{"title": "I am afraid of it", "payload": '/pick{"value": "afraid"}'}]}
    if "setde" in text:
        answer |= {"set": {"country": "DE"}, "letters": True}
    if "hours" in text:
        answer |= {
            "kind": "question",
            "fact": "work[0].hours_per_week",
            "buttons": [
                {"title": "Up to 20", "payload": '/pick{"value": "0..20"}'},
                {"title": "I don't know", "payload": '/pick{"value": "unknown"}'},
            ],
        }
    if "LONG" in text:
        return {"messages": [{"text": " ".join(f"This is sentence number {n}." for n in range(101, 141))}, answer]}
    return {"messages": [answer]}


@app.get("/seen")
async def what_was_seen() -> dict[str, Any]:
    return {"turns": seen, "asked": state["asked"], "authorized": authorized}


@app.post("/{what}")
async def switch(what: str, request: Request) -> None:
    if what in ("cold", "warm"):
        state["cold"] = what == "cold"
    elif what == "unable":
        state["unable"] = True
    elif what == "secret":
        state["secret"] = (await request.body()).decode()
    else:
        state["mended"] = what == "mended"


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("--port", type=int, required=True)
    uvicorn.run(app, host="127.0.0.1", port=parser.parse_args().port, log_level="warning")
