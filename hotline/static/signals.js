// Tells of a new inquiry beside the page, as this browser is set to: by a sound, and by a notification without names.
"use strict";
const hotlineSignals = (() => {
  const form = document.getElementById("signals");
  const KEPT = "hotline-signals"; // what this browser is set to is nobody else's affair
  const TONES = { bell: [[880, 0], [1320, 0.15]], wood: [[330, 0], [330, 0.12], [330, 0.24]], deep: [[220, 0], [294, 0.25]] };
  let audio;

  for (const [name, value] of Object.entries(JSON.parse(localStorage.getItem(KEPT) ?? "{}"))) {
    const field = form.elements[name];
    if (field?.type === "checkbox") field.checked = value;
    else if (field) field.value = value;
  }
  form.addEventListener("change", async ({ target }) => {
    const { sound, volume, notify } = form.elements;
    if (target === notify && notify.checked) notify.checked = (await window.Notification?.requestPermission()) === "granted";
    localStorage.setItem(KEPT, JSON.stringify({ sound: sound.value, volume: volume.value, notify: notify.checked }));
    if (target !== notify) play();
  });

  function play() {
    const tones = TONES[form.elements.sound.value];
    if (!tones || !navigator.userActivation?.hasBeenActive) return; // browsers let nobody sound before
    audio ??= new AudioContext();
    const loud = (Number(form.elements.volume.value) / 100) ** 2;
    for (const [pitch, after] of tones) {
      const [tone, level, at] = [audio.createOscillator(), audio.createGain(), audio.currentTime + after];
      tone.frequency.value = pitch;
      level.gain.setValueAtTime(loud, at);
      level.gain.exponentialRampToValueAtTime(0.0001, at + 0.4);
      tone.connect(level).connect(audio.destination);
      tone.start(at);
      tone.stop(at + 0.4);
    }
  }

  // Of all tabs of a browser one tells.
  return (offer, words) =>
    navigator.locks.request(`hotline-${offer}`, { ifAvailable: true }, async (first) => {
      if (!first) return;
      play();
      const granted = form.elements.notify.checked && window.Notification?.permission === "granted";
      const shown = granted && document.hidden && new Notification(words, { tag: offer, silent: true });
      if (shown) shown.onclick = () => window.focus();
      await new Promise((done) => setTimeout(done, 5000));
      if (shown) shown.close();
    });
})();
