import type { JSX } from "preact";
import type { Words } from "../locales/words/index.ts";
import type { DoorState, DoorView } from "../view-model/index.ts";

const FRAME = "M5 22V3h14v19";

/** One drawing a state, told apart in grey: an open leaf, a leaf ajar, a lock, a question, an empty frame. */
const DRAWINGS: Readonly<Record<DoorState, JSX.Element>> = {
  emergency: (
    <>
      <path class="fill" d="M5 3h14v19H5z" />
      <path class="cut" d="M9 8l6 8M15 8l-6 8" />
    </>
  ),
  danger: (
    <>
      <path d={FRAME} />
      <path class="fill" d="M5 3l8 4v15l-8 0z" />
      <path d="M2 22h20" />
    </>
  ),
  attention: (
    <>
      <path d={FRAME} />
      <path d="M5 3l8 3v16M2 22h20" />
    </>
  ),
  unknown: (
    <>
      <path class="dashed" d="M5 22V3h14v19" />
      <path d="M9.5 10a2.6 2.6 0 1 1 3.8 2.3c-.8.4-1.2.9-1.2 1.7M12 17.6v.3" />
    </>
  ),
  waiting: (
    <>
      <path d={FRAME} />
      <path d="M8.5 12.5h7M2 22h20" />
    </>
  ),
  none: (
    <>
      <path d="M5 22V3h14v19M2 22h20" />
      <path d="M10 12.5V11a2 2 0 0 1 4 0v1.5" />
      <path class="fill" d="M8.7 12.5h6.6v5H8.7z" />
    </>
  ),
  checking: <path class="dashed" d={FRAME} />,
  absent: <path class="faint" d="M4 13h16" />,
};

/** What each door of one camera did, as a picture with its words. */
export function Doors({ doors, words }: { doors: readonly DoorView[]; words: Words }): JSX.Element {
  const { picture } = words;
  return (
    <ul class="doors" aria-label={picture.doors}>
      {doors.map(({ kind, state }) => (
        <li key={kind} class={state} title={`${picture.doorKinds[kind]}: ${picture.doorStates[state]}`}>
          <DoorDrawing state={state} />
          <span>{picture.doorKinds[kind]}</span>
          <span class="only-read">: {picture.doorStates[state]}</span>
        </li>
      ))}
    </ul>
  );
}

export function DoorDrawing({ state }: { state: DoorState }): JSX.Element {
  return (
    <svg viewBox="0 0 24 24" aria-hidden="true" focusable="false">
      {DRAWINGS[state]}
    </svg>
  );
}
