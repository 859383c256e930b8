import sys, os, httpx, subprocess, time
from pathlib import Path
from conftest import TwilioPhone, environment
import pytest
@pytest.fixture
def real(stack, new_port, tmp_path):
    port=new_port()
    env={**os.environ, **environment("http://127.0.0.1:1"), "REDRESS_DATA_DIR": str(stack.data_dir), "REDRESS_RASA_URL": f"http://127.0.0.1:{stack.ports.rasa}", "REDRESS_ACTIONS_URL": f"http://127.0.0.1:{stack.ports.actions}/webhook"}
    p=subprocess.Popen([sys.executable,"-m","web.server","--port",str(port)],env=env)
    url=f"http://127.0.0.1:{port}"
    for _ in range(200):
        try: httpx.get(url+"/readyz",trust_env=False); break
        except httpx.TransportError: time.sleep(.1)
    time.sleep(1)
    yield url
    p.terminate(); p.wait()
def talk(phone, *said):
    for s in said:
        b=time.monotonic(); out=phone.write(s); t=time.monotonic()-b
        print(f"\n> {s}   ({t:.2f}s)")
        if phone.offered: out.append(phone.offered); phone.offered=""
        for o in out: print("   | "+o.replace("\n","\n   | ")); print("   --")
def test_real(real):
    talk(TwilioPhone(real),"hello","Français","j'ai travaillé dans un restaurant en Allemagne, on ne m'a pas payé, combien je peux demander","1","1","suite","1 janvier 2025","il est à la porte il va me tuer","ça va, je suis en sécurité","30 juin 2025","60","stop")
    talk(TwilioPhone(real, whatsapp=True),"i worked in a restaurant in germany and they did not pay me, how much money can i claim","1","1","1 january 2025","30 june 2025","sixty","c","a","50 euros a week")
    talk(TwilioPhone(real),"مرحبا","العربية","中文","polski", "Shqip")
