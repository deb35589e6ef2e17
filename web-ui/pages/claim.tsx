import type { JSX } from "preact";
import type { PartProps } from "../parts/frame.tsx";
import { formatTime } from "../time.ts";
import type { ClaimPage } from "../view-model/index.ts";

/**
 * One field for every code. It is of the kind `password`: a password manager can fill it (WCAG 2.2, 3.3.8) and a shared
 * computer does not offer a PIN that was typed before. Nothing forbids pasting.
 */
export function Claim({ frame, words, page }: PartProps & { page: ClaimPage }): JSX.Element {
  const { claim } = words;
  const wrong = page.problem === "wrong";
  return (
    <>
      <h1>{claim.title}</h1>
      <p>{claim.why}</p>
      {page.problem && (
        <p class="box danger" id="code-problem" role="alert">
          {wrong ? claim.wrong : claim.tooMany(formatTime(page.retryAt ?? frame.now, frame.now, words.time))}
        </p>
      )}
      {page.problem !== "too-many" && (
        <form class="box" method="post" action="/claim">
          <input type="hidden" name="next" value={page.next} />
          <label>
            {claim.label}
            <input
              class="code"
              type="password"
              name="code"
              inputMode="numeric"
              autocomplete="current-password"
              maxLength={24}
              required
              aria-invalid={wrong}
              aria-describedby={wrong ? "code-problem code-help" : "code-help"}
            />
          </label>
          <ul id="code-help">
            {claim.codes.map((code) => (
              <li key={code}>{code}</li>
            ))}
          </ul>
          <button type="submit">{claim.submit}</button>
        </form>
      )}
      <p>{claim.lost}</p>
    </>
  );
}
