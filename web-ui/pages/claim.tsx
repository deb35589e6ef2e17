import type { JSX } from "preact";
import type { PartProps } from "../parts/frame.tsx";
import { formatTime } from "../time.ts";
import type { ClaimPage } from "../view-model/index.ts";

export function Claim({ frame, words, page }: PartProps & { page: ClaimPage }): JSX.Element {
  const { claim } = words;
  return (
    <>
      <h1>{claim.title}</h1>
      <p>{claim.why}</p>
      {page.problem && (
        <p class="box danger" role="alert">
          {page.problem === "wrong"
            ? claim.wrong
            : claim.tooMany(formatTime(page.retryAt ?? frame.now, frame.now, words.time))}
        </p>
      )}
      {page.problem !== "too-many" && (
        <form class="box" method="post" action="/claim">
          <input type="hidden" name="next" value={page.next} />
          <label>
            {claim.label}
            <input
              class="code"
              name="code"
              inputMode="numeric"
              autocomplete="one-time-code"
              maxLength={24}
              required
              aria-describedby="code-help"
            />
          </label>
          <p id="code-help">{claim.help}</p>
          <button type="submit">{claim.submit}</button>
        </form>
      )}
      <p>{claim.lost}</p>
    </>
  );
}
