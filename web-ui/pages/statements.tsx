import type { JSX } from "preact";
import type { PartProps } from "../parts/frame.tsx";
import { SaidAndMeasured, StatementForm } from "../parts/statements.tsx";
import type { StatementsPage } from "../view-model/index.ts";

/** Words against measurement: of the place as a whole first, then of the cameras of which something was said. */
export function Statements({ frame, words, page }: PartProps & { page: StatementsPage }): JSX.Element {
  const { statements } = words;
  const told = page.cameras.filter((camera) => camera.statements.length > 0);
  return (
    <article>
      <h1>{statements.title}</h1>
      <p>{statements.why}</p>
      <h2>{statements.wholePlace}</h2>
      <SaidAndMeasured frame={frame} words={words} facts={page.place} />
      <StatementForm frame={frame} words={words} camera={null} today={page.today} />
      {told.map((camera) => (
        <section key={camera.camera}>
          <h2>
            <a href={`/cameras/${camera.camera}`}>
              <bdi>{camera.name}</bdi>
            </a>
          </h2>
          <SaidAndMeasured frame={frame} words={words} facts={camera} />
        </section>
      ))}
      <p>{statements.perCamera}</p>
      <ul class="links">
        {page.cameras.map((camera) => (
          <li key={camera.camera}>
            <a href={`/cameras/${camera.camera}#words`}>
              <bdi>{camera.name}</bdi>
            </a>
          </li>
        ))}
      </ul>
    </article>
  );
}
