import type { JSX } from "preact";
import type { PartProps } from "../parts/frame.tsx";
import { Entries, RouterSteps } from "../parts/ways.tsx";
import type { ClosePage } from "../view-model/index.ts";

/** What exactly would be deleted, and what may stop working, before anybody presses. */
export function Close({ frame, words, page }: PartProps & { page: ClosePage }): JSX.Element {
  const { ways } = words;
  const closable = page.paths.filter((path) => path.closable !== null);
  const rest = page.paths.filter((path) => path.closable === null);
  return (
    <article>
      <h1>{ways.closeTitle}</h1>
      <p>{page.title}</p>
      {closable.length === 0 ? (
        <p class="box">{ways.nothingToClose}</p>
      ) : (
        <>
          <h2>{ways.deleted(closable.length)}</h2>
          <div class="card">
            <Entries paths={closable} words={words} />
          </div>
          <p>{ways.kept}</p>
          <h2>{ways.mayStopTitle}</h2>
          <ul>
            {ways.mayStop.map((what) => (
              <li key={what}>{what}</li>
            ))}
          </ul>
          {frame.mayDecide ? (
            <CloseForm frame={frame} words={words} page={page} />
          ) : (
            <p class="box">{ways.closeMayNot}</p>
          )}
        </>
      )}
      {rest.length > 0 && <RouterSteps paths={rest} words={words} open={closable.length === 0} />}
      <p class="links">
        <a href={`/findings/${page.finding}`}>{ways.back}</a>
      </p>
    </article>
  );
}

function CloseForm({ words, page }: PartProps & { page: ClosePage }): JSX.Element {
  const { ways } = words;
  return (
    <form class="box" method="post" action={`/findings/${page.finding}/close`} data-live={ways.closing}>
      <label>
        {ways.by}
        <input name="by" required maxLength={60} autocomplete="name" />
      </label>
      <p>{ways.writtenDown}</p>
      <button type="submit">{ways.close}</button>
    </form>
  );
}
