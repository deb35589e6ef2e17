import type { JSX } from "preact";
import type { PartProps } from "../parts/frame.tsx";

export function About({ frame, words }: PartProps): JSX.Element {
  const { about, status, common } = words;
  return (
    <article>
      <h1>{about.title}</h1>
      <p>{about.what}</p>
      <h2>{about.levels}</h2>
      <ul class="cards">
        {about.rows.map((row) => (
          <li key={row.level} class="card">
            <h3>{row.level}</h3>
            <p>{row.does}</p>
            <p class="maker">
              {about.when}: {row.when}
            </p>
          </li>
        ))}
      </ul>
      <h2>{about.never}</h2>
      <ul>
        {about.neverRows.map((row) => (
          <li key={row}>{row}</li>
        ))}
      </ul>
      <aside class="box">
        <h2>{status.cannotKnowTitle}</h2>
        <p>{status.cannotKnow(frame.place ?? common.thisPlace)}</p>
      </aside>
      <p class="box">
        <b>{about.passwords}</b> {about.passwordsText}
      </p>
      <h2>{about.plainHttp}</h2>
      <p>{about.plainHttpText}</p>
      <p>
        {about.version}: {frame.version}
      </p>
    </article>
  );
}
