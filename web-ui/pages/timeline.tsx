import type { JSX } from "preact";
import type { PartProps } from "../parts/frame.tsx";
import { ExposureStrip } from "../parts/strip.tsx";
import type { TimelinePage } from "../view-model/index.ts";

interface Props extends PartProps {
  readonly page: TimelinePage;
}

/** A year of every camera, one below the other. */
export function Timeline({ words, page }: Props): JSX.Element {
  const { picture } = words;
  const watched = page.cameras.filter(({ strip }) => strip.counts.before < strip.days);
  return (
    <>
      <h1>{picture.timeline}</h1>
      <p>{watched.length > 0 ? picture.timelineIntro : picture.timelineEmpty}</p>
      <ul class="cards">
        {watched.map(({ key, name, strip }) => (
          <li key={key} class="card">
            <h2>
              <a href={`/cameras/${key}`}>
                <bdi>{name}</bdi>
              </a>
            </h2>
            <ExposureStrip strip={strip} words={words} id={key} />
          </li>
        ))}
      </ul>
    </>
  );
}
