import type { JSX } from "preact";
import type { PartProps } from "./frame.tsx";

/**
 * Fields of the kind `password`, so that a password manager can keep the PIN and a shared computer does not offer it to
 * the next person who types here.
 */
export function PinForm({ words, from }: PartProps & { from: "setup" | "access" }): JSX.Element {
  const { access } = words;
  const digits = {
    type: "password",
    class: "code",
    inputMode: "numeric",
    autocomplete: "new-password",
    maxLength: 24,
    required: true,
  } as const;
  return (
    <form method="post" action="/access/pin">
      <input type="hidden" name="from" value={from} />
      <label>
        {access.newPin}
        <input {...digits} name="pin" aria-describedby="pin-rule" />
      </label>
      <p id="pin-rule">{access.pinRule}</p>
      <label>
        {access.pinAgain}
        <input {...digits} name="again" />
      </label>
      <button type="submit">{access.pinButton}</button>
    </form>
  );
}
