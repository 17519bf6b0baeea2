"""An exchange, and the telephones of citizens and agents around it: real SIP and real sound, on loopback."""

import math
import subprocess
from contextlib import contextmanager
from pathlib import Path

import httpx

HERE = Path(__file__).parent
SIP, ARI = "127.0.0.1:55060", "http://127.0.0.1:58088"
AGENTS_PORT = 55070  # and the number of the telephone
NOBODY = 9  # the telephone at which nothing listens
CITIZENS_PORT, SOUND_PORT = 55100, 22000


class NoExchange(Exception):
    """It cannot be had on this machine; says why."""


def get():
    """Have Asterisk and SIPp. Raises NoExchange."""
    done = subprocess.run([HERE / "setup.sh", "get"], capture_output=True, text=True, check=False)
    if done.returncode:
        raise NoExchange((done.stderr.strip().splitlines() or ["the set-up failed"])[-1])


def a_tone(file, seconds=4):
    """A tone of 400 Hz as G.711 µ-law, 8,000 samples a second."""
    file.write_bytes(bytes(_ulaw(int(8000 * math.sin(2 * math.pi * 400 * n / 8000))) for n in range(8000 * seconds)))


def _ulaw(sample):
    sign, size = (0x80, -sample) if sample < 0 else (0, sample)
    size = min(size, 32635) + 132
    exponent = max(size.bit_length() - 8, 0)
    return ~(sign | exponent << 4 | size >> exponent + 3 & 0x0F) & 0xFF


class Exchange:
    """The Asterisk, once it runs."""

    def __init__(self, folder):
        self.folder, self._sipps, self._ports = folder, [], iter(range(CITIZENS_PORT, CITIZENS_PORT + 400))
        self.tone = folder / "tone.ulaw"
        a_tone(self.tone)
        self.ari = httpx.Client(base_url=f"{ARI}/ari", auth=("hotline", "hotline"), timeout=10)

    def telephone(self, number, rings=0.3, talks=600.0, scenario="telephone"):
        """An agent's telephone of this number, which is answered after it has rung for so long (seconds)."""
        said, port, sound = {"RING": rings, "TALK": talks}, AGENTS_PORT + number, str(SOUND_PORT + 100 * number)
        return self._sipp(scenario, f"telephone{number}", said, port, "-rtp_echo", "-mp", sound)

    def citizens(self, called, numbers, rate=1.0, stays=600.0, scenario="citizen", key="1"):
        """So many citizens ring, one after the other, so many a second; each stays for so long (seconds)."""
        port = next(self._ports)
        listed = self.folder / f"citizens-{port}.csv"
        listed.write_text("SEQUENTIAL\n" + "".join(f"{number};\n" for number in numbers))
        sound = str(30_000 + 80 * (port - CITIZENS_PORT))
        asked = ("-s", called, "-inf", str(listed), "-m", str(len(numbers)), "-r", str(rate), "-mp", sound)
        words = {"KEY": key, "TONE": str(self.tone)}
        return self._sipp(scenario, f"citizens-{port}", {"HOLD": stays}, port, *asked, SIP, **words)

    def channels(self):
        """Every channel that there is."""
        return self.ari.get("/channels").raise_for_status().json()

    def heard(self, channel):
        """How many packets of sound a channel has sent and received so far; None where it has gone."""
        answer = self.ari.get(f"/channels/{channel}/rtp_statistics")
        told = answer.json() if answer.status_code == 200 else None
        return (told["txcount"], told["rxcount"]) if told else None

    def close(self):
        for one in self._sipps:
            one.kill()
            one.wait()
        self.ari.close()

    def _sipp(self, scenario, name, seconds, port, *more, **words):
        text = (HERE / "sipp" / f"{scenario}.xml").read_text()
        for word, value in (seconds | words).items():
            text = text.replace(word, str(round(value * 1000)) if word in seconds else value)
        file = self.folder / f"{name}.xml"
        file.write_text(text)
        own = ("-sf", file, "-i", "127.0.0.1", "-mi", "127.0.0.1", "-p", str(port), "-nostdin", "-timeout", "900s")
        said = (self.folder / f"{name}.said").open("w")
        started = subprocess.Popen(["sipp", *own, *more], cwd=self.folder, stdout=said, stderr=said)
        self._sipps.append(started)
        return started


@contextmanager
def exchange(folder):
    """A fresh Asterisk for as long as the block runs."""
    folder.mkdir(parents=True, exist_ok=True)
    one = Exchange(folder)
    subprocess.run([HERE / "setup.sh", "start", one.tone], check=True)
    try:
        yield one
    finally:
        one.close()
        subprocess.run([HERE / "setup.sh", "stop"], check=False)
