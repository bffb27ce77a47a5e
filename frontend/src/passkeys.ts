/** Passkeys and security keys: what the browser asks the person for is put into the form's `credential`, and the form is sent as any other. */

type Options = Record<string, unknown> & { challenge: string };

export function passkeys(): void {
  const forms = document.querySelectorAll<HTMLFormElement>("form[data-passkey]");
  if (!forms.length || !("credentials" in navigator) || !("PublicKeyCredential" in window)) return;
  for (const form of forms) {
    form.hidden = false;
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      void use(form);
    });
  }
}

async function use(form: HTMLFormElement): Promise<void> {
  const failed = form.querySelector<HTMLElement>("[data-passkey-failed]");
  if (failed) failed.hidden = true;
  try {
    const credential = form.dataset.passkey === "add" ? await make(form) : await confirm(form);
    const field = form.elements.namedItem("credential");
    if (!(field instanceof HTMLInputElement) || !credential) throw new Error("no credential");
    field.value = JSON.stringify(credential);
    form.submit();
  } catch {
    // Cancelled, timed out, or a key that is not this site's: the browser does not say which, so that no site learns what keys there are.
    if (failed) failed.hidden = false;
  }
}

/** Has the browser make a key; one that is to sign in alone must live on its device and ask who holds it. */
async function make(form: HTMLFormElement): Promise<unknown> {
  const told = data().creation_options?.publicKey as Options & { user: { id: string }; excludeCredentials?: { id: string }[] };
  const alone = form.querySelector<HTMLInputElement>("input[name=passwordless]")?.checked ?? false;
  const wanted = (told.authenticatorSelection ?? {}) as Record<string, unknown>;
  const publicKey = {
    ...told,
    challenge: bytes(told.challenge),
    user: { ...told.user, id: bytes(told.user.id) },
    excludeCredentials: (told.excludeCredentials ?? []).map((one) => ({ ...one, id: bytes(one.id) })),
    authenticatorSelection: {
      ...wanted,
      residentKey: alone ? "required" : "discouraged",
      requireResidentKey: alone,
      ...(alone ? { userVerification: "required" } : {}),
    },
  };
  const made = (await navigator.credentials.create({ publicKey } as unknown as CredentialCreationOptions)) as PublicKeyCredential;
  const answer = made.response as AuthenticatorAttestationResponse;
  return {
    ...plain(made),
    response: {
      clientDataJSON: text(answer.clientDataJSON),
      attestationObject: text(answer.attestationObject),
      transports: answer.getTransports?.() ?? [],
    },
  };
}

/** Has the person confirm with a key: any of this site's where nobody is known yet, else one of the account's. */
async function confirm(form: HTMLFormElement): Promise<unknown> {
  const asked = form.dataset.passkey === "login" ? await fetched(form.action) : data();
  const told = asked.request_options?.publicKey as Options & { allowCredentials?: { id: string }[] };
  const publicKey = {
    ...told,
    challenge: bytes(told.challenge),
    allowCredentials: (told.allowCredentials ?? []).map((one) => ({ ...one, id: bytes(one.id) })),
  };
  const used = (await navigator.credentials.get({ publicKey } as unknown as CredentialRequestOptions)) as PublicKeyCredential;
  const answer = used.response as AuthenticatorAssertionResponse;
  return {
    ...plain(used),
    response: {
      clientDataJSON: text(answer.clientDataJSON),
      authenticatorData: text(answer.authenticatorData),
      signature: text(answer.signature),
      userHandle: answer.userHandle ? text(answer.userHandle) : null,
    },
  };
}

interface Asked {
  creation_options?: { publicKey: unknown };
  request_options?: { publicKey: unknown };
}

function data(): Asked {
  return JSON.parse(document.getElementById("passkey-data")?.textContent ?? "{}") as Asked;
}

async function fetched(address: string): Promise<Asked> {
  const answer = await fetch(address, { headers: { Accept: "application/json" } });
  if (!answer.ok) throw new Error(String(answer.status));
  return (await answer.json()) as Asked;
}

function plain(credential: PublicKeyCredential) {
  return {
    id: credential.id,
    rawId: text(credential.rawId),
    type: credential.type,
    authenticatorAttachment: credential.authenticatorAttachment,
    clientExtensionResults: credential.getClientExtensionResults(),
  };
}

function bytes(base64url: string): Uint8Array {
  const base64 = base64url.replaceAll("-", "+").replaceAll("_", "/");
  return Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0));
}

function text(buffer: ArrayBuffer): string {
  const letters = Array.from(new Uint8Array(buffer), (byte) => String.fromCharCode(byte)).join("");
  return btoa(letters).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
}
