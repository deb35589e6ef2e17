import type { JSX } from "preact";
import { Facts } from "../parts/findings.tsx";
import type { PartProps } from "../parts/frame.tsx";
import { MarkChip } from "../parts/mark.tsx";
import type { CameraPage, ResultRow } from "../view-model/index.ts";

interface Props extends PartProps {
  readonly page: CameraPage;
}

export function Camera({ frame, words, page }: Props): JSX.Element {
  const { camera } = words;
  const applies = page.results.filter((row) => row.outcome !== "notapplicable");
  const rest = page.results.filter((row) => row.outcome === "notapplicable");
  return (
    <article>
      <p class="above">
        <MarkChip mark={page.mark} words={words} />
      </p>
      <h1>
        <bdi>{page.name}</bdi>
      </h1>
      {page.missing && <p class="box">{camera.missing}</p>}
      {applies.length > 0 && (
        <>
          <h2>{camera.results}</h2>
          <ul class="results">
            {applies.map((row) => (
              <Result key={`${row.check} ${row.subject}`} frame={frame} words={words} row={row} />
            ))}
          </ul>
        </>
      )}
      <form class="box" method="post" action={`/cameras/${page.key}/name`}>
        <label>
          {camera.name}
          <input name="name" required maxLength={40} value={page.givenName ?? ""} autocomplete="off" />
        </label>
        <p>{camera.nameHelp}</p>
        <button type="submit">{camera.save}</button>
      </form>
      <details id="record">
        <summary>{camera.record}</summary>
        <Facts facts={page.facts} />
        {rest.length > 0 && (
          <p>
            {camera.notApplicable}: {rest.map((row) => words.checks[row.check]).join(" · ")}
          </p>
        )}
      </details>
      <details id="retire">
        <summary>{camera.retire}</summary>
        <p>{camera.retireHelp}</p>
        <form method="post" action={`/cameras/${page.key}/retire`}>
          <button class="quiet" type="submit">
            {camera.retire}
          </button>
        </form>
      </details>
    </article>
  );
}

function Result({ words, row }: PartProps & { row: ResultRow }): JSX.Element {
  return (
    <li>
      <div>
        {row.finding ? (
          <a href={`/findings/${row.finding}`}>{words.checks[row.check]}</a>
        ) : (
          words.checks[row.check]
        )}{" "}
        {row.subject && (
          <small class="subject">
            <bdi>{row.subject}</bdi>
          </small>
        )}
        {row.because && <small class="because">{row.because}</small>}
      </div>
      <MarkChip mark={row.mark} words={words} word={words.outcomes[row.outcome]} />
    </li>
  );
}
