// Seals what a device still has for the server alone: nobody on the way reads or changes it, bound to one test.
// A key of one use is agreed on with the server's (ECDH, P-256); it is never stored, so nobody here opens the seal again.
const INFO = "plumbline late batch 1";
const PIECE = 8192;

export const bytes = (text) => Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));

function base64(buffer) {
  const all = new Uint8Array(buffer);
  let text = "";
  for (let start = 0; start < all.length; start += PIECE) text += String.fromCharCode(...all.subarray(start, start + PIECE));
  return btoa(text);
}

export async function seal(serverKey, sitting, what) {
  const { subtle } = crypto;
  const curve = { name: "ECDH", namedCurve: "P-256" };
  const words = new TextEncoder();
  const theirs = await subtle.importKey("raw", bytes(serverKey), curve, false, []);
  const ours = await subtle.generateKey(curve, true, ["deriveBits"]);
  const shared = await subtle.deriveBits({ name: "ECDH", public: theirs }, ours.privateKey, 256);
  const agreed = await subtle.importKey("raw", shared, "HKDF", false, ["deriveKey"]);
  const derived = { name: "HKDF", hash: "SHA-256", salt: new Uint8Array(32), info: words.encode(INFO) };
  const key = await subtle.deriveKey(derived, agreed, { name: "AES-GCM", length: 256 }, false, ["encrypt"]);
  const iv = crypto.getRandomValues(new Uint8Array(12));
  const sealed = await subtle.encrypt(
    { name: "AES-GCM", iv, additionalData: words.encode(sitting) }, key, words.encode(JSON.stringify(what)),
  );
  const ourKey = await subtle.exportKey("raw", ours.publicKey);
  return { sitting, key: base64(ourKey), iv: base64(iv), sealed: base64(sealed) };
}

export function download(name, what) {
  const url = URL.createObjectURL(new Blob([JSON.stringify(what)], { type: "application/json" }));
  const link = Object.assign(document.createElement("a"), { href: url, download: name });
  link.click();
  setTimeout(() => URL.revokeObjectURL(url), 60000);
}
