import type { ComponentChildren, JSX } from "preact";
import type { Words } from "../locales/words/index.ts";
import type { DoorState, MapStop, MapView, Way } from "../view-model/index.ts";
import { DoorDrawing } from "./doors.tsx";
import { MarkIcon } from "./mark.tsx";

interface Props {
  readonly map: MapView;
  readonly words: Words;
}

/** Where the two lines run and the stops stand, in px from the left of the drawing. */
export const OUT = 20;
const IN = 46;
const STOP = 84;

/**
 * One drawing of the internet, the router, this machine and the cameras. It is a list, so that it is read aloud in
 * order and its names wrap; each row carries its piece of the lines, and together they are one picture.
 */
export function LanMap({ map, words }: Props): JSX.Element {
  const { picture } = words;
  return (
    <figure class="map">
      <figcaption>
        <h2>{picture.title}</h2>
      </figcaption>
      <ol>
        <Row class="world" drawing={<World way={map.outside} />} title={picture.outside}>
          {picture.outsideWays[map.outside]}
        </Row>
        <Row
          class="gate"
          drawing={<Gate way={map.outside} shut={map.outside === "none" && map.stops.length > 0} />}
          title={picture.gate}
        >
          {map.upnp === null ? picture.gateUnknown : map.upnp ? picture.gateOpens : picture.gateKept}
        </Row>
        <Row class="people" drawing={<People map={map} />} title={picture.inside}>
          {picture.insideWays[map.inside]}
        </Row>
        {map.stops.map((stop, index) => (
          <Stop
            key={stop.href ?? `${stop.name} ${index}`}
            stop={stop}
            after={map.stops.slice(index + 1)}
            words={words}
          />
        ))}
        <Row class="guard" drawing={<Guard />} title={picture.guard}>
          {picture.guardLooks}
        </Row>
      </ol>
      <Legend words={words} />
    </figure>
  );
}

interface RowProps {
  readonly class: string;
  readonly drawing: JSX.Element;
  readonly title: ComponentChildren;
  readonly children: ComponentChildren;
}

export function Row({ class: kind, drawing, title, children }: RowProps): JSX.Element {
  return (
    <li class={kind}>
      {drawing}
      <div>
        <b>{title}</b>
        <p>{children}</p>
      </div>
    </li>
  );
}

function Stop({
  stop,
  after,
  words,
}: {
  stop: MapStop;
  after: readonly MapStop[];
  words: Words;
}): JSX.Element {
  const { picture } = words;
  const { name, href, mark, kind, ports } = stop;
  return (
    <li class={`stop ${mark}`}>
      <Drawing>
        {lines(OUT, "outside", stop, after)}
        {lines(IN, "inside", stop, after)}
        {kind === "rest" ? <Several /> : kind === "other" ? <Thing /> : <Camera />}
      </Drawing>
      <div>
        <b>
          {href ? (
            <a href={href}>
              <bdi>{name}</bdi>
            </a>
          ) : (
            name
          )}
        </b>
        <span class={`sign ${mark}`} title={words.marks[mark]}>
          <MarkIcon mark={mark} />
          <span class="only-read">{words.marks[mark]}</span>
        </span>
        <p>
          {sentenceOf(stop, words)}
          {ports.length > 0 && <small>{picture.ports(ports.slice(0, 3).join(", "))}</small>}
        </p>
      </div>
    </li>
  );
}

function sentenceOf({ kind, outside, inside, factory }: MapStop, { picture }: Words): string {
  if (kind === "other") return picture.otherPath;
  if (factory) return picture.factory[outside];
  return picture.paths[outside][inside];
}

const WORST: readonly Way[] = ["open", "asks", "unknown"];
const WORST_INSIDE: readonly Way[] = ["open", "unknown", "asks"];

/** The trunk as far as it goes on, and the branch to this stop. */
function lines(x: number, side: "outside" | "inside", stop: MapStop, after: readonly MapStop[]): JSX.Element {
  const order = side === "outside" ? WORST : WORST_INSIDE;
  const further = order.find((way) => after.some((one) => one[side] === way));
  const here = stop[side];
  const above = order.find((way) => way === here || way === further);
  const y = side === "outside" ? "40%" : "60%";
  return (
    <>
      {further && <line class={`${side} ${further}`} x1={x} y1={y} x2={x} y2="100%" />}
      {above && <line class={`${side} ${above}`} x1={x} y1="0" x2={x} y2={y} />}
      {here !== "none" && <line class={`${side} ${here}`} x1={x} y1={y} x2={STOP - 20} y2={y} />}
      {here !== "none" && <End way={here} side={side} y={y} />}
    </>
  );
}

/** How a line ends: an arrow that goes in, a bar that stops it, or a question. */
function End({ way, side, y }: { way: Way; side: "outside" | "inside"; y: string }): JSX.Element {
  const x = STOP - 20;
  return (
    <svg class={`end ${side} ${way}`} x={x} y={y} overflow="visible" aria-hidden="true">
      {way === "open" && <path d="M-4 -6L6 0L-4 6z" />}
      {way === "asks" && <path d="M2 -6V6" />}
      {way === "unknown" && <path d="M0 -3a2.6 2.6 0 1 1 3.6 2.4c-.8.4-1 .8-1 1.6M2.6 4.4v.2" />}
    </svg>
  );
}

export function Drawing({ children }: { children: ComponentChildren }): JSX.Element {
  return (
    <svg class="rail" aria-hidden="true" focusable="false">
      {children}
    </svg>
  );
}

/** Something that stands on the drawing at `x`, in the middle of its row. */
export function At({
  x,
  y = "50%",
  children,
}: {
  x: number;
  y?: string;
  children: ComponentChildren;
}): JSX.Element {
  return (
    <svg x={x} y={y} overflow="visible" aria-hidden="true">
      {children}
    </svg>
  );
}

export function World({ way }: { way: Way }): JSX.Element {
  return (
    <Drawing>
      {way !== "none" && <line class={`outside ${way}`} x1={OUT} y1="50%" x2={OUT} y2="100%" />}
      <At x={OUT}>
        <circle class="body" r="17" />
        <path class="ink" d="M-17 0H17M0 -17C-9 -8 -9 8 0 17M0 -17C9 -8 9 8 0 17M-14 -9H14M-14 9H14" />
      </At>
    </Drawing>
  );
}

/** A gate in the wall: what goes through is drawn through, else its doors are shut. */
export function Gate({ way, shut }: { way: Way; shut: boolean }): JSX.Element {
  return (
    <Drawing>
      {way !== "none" && <line class={`outside ${way}`} x1={OUT} y1="0" x2={OUT} y2="100%" />}
      <At x={OUT}>
        <path
          class="wood"
          d="M-20 -15Q0 -10 20 -15L21 -9Q0 -5 -21 -9zM-15 -8h6v27h-6zM9 -8h6v27H9zM-17 -2h34v4h-34z"
        />
        {shut && <path class="leaf" d="M-8 3h7v16h-7zM1 3h7v16H1z" />}
      </At>
    </Drawing>
  );
}

function People({ map: { outside, inside } }: { map: MapView }): JSX.Element {
  return (
    <Drawing>
      {outside !== "none" && <line class={`outside ${outside}`} x1={OUT} y1="0" x2={OUT} y2="100%" />}
      {inside !== "none" && <line class={`inside ${inside}`} x1={IN} y1="50%" x2={IN} y2="100%" />}
      <At x={IN + 8}>
        <path class="body" d="M-17 13c0-9 4-12 9-12s9 3 9 12zM1 13c0-9 3-12 8-12s9 3 9 12z" />
        <circle class="body" cx="-8" cy="-6" r="6" />
        <circle class="body" cx="9" cy="-6" r="6" />
      </At>
    </Drawing>
  );
}

export function Camera({ x = STOP }: { x?: number }): JSX.Element {
  return (
    <At x={x}>
      <circle class="disc" r="15" />
      <path class="glyph" d="M-9 -5H4V5H-9zM4 -2L10 -5V5L4 2z" />
    </At>
  );
}

function Several(): JSX.Element {
  return (
    <At x={STOP}>
      <circle class="disc" r="15" />
      <path class="glyph" d="M-8 -1.5h3v3h-3zM-1.5 -1.5h3v3h-3zM5 -1.5h3v3H5z" />
    </At>
  );
}

export function Thing({ x = STOP }: { x?: number }): JSX.Element {
  return (
    <At x={x}>
      <circle class="disc" r="15" />
      <path class="glyph" d="M-8 -6H8V4H-8zM-4 6H4V8H-4z" />
    </At>
  );
}

function Guard(): JSX.Element {
  return (
    <Drawing>
      <At x={STOP}>
        <image href="/favicon.svg" x="-17" y="-17" width="34" height="34" />
      </At>
    </Drawing>
  );
}

const LEGEND_DOORS: readonly DoorState[] = [
  "emergency",
  "danger",
  "attention",
  "unknown",
  "waiting",
  "none",
  "absent",
];

function Legend({ words }: { words: Words }): JSX.Element {
  const { legend, legendLines } = words.picture;
  const line = (side: "outside" | "inside", way: Way): JSX.Element => (
    <svg class="key" aria-hidden="true" focusable="false">
      <line class={`${side} ${way}`} x1="2" y1="50%" x2="34" y2="50%" />
      <svg class={`end ${side} ${way}`} x="36" y="50%" overflow="visible" aria-hidden="true">
        {way === "open" && <path d="M-4 -6L6 0L-4 6z" />}
        {way === "asks" && <path d="M2 -6V6" />}
      </svg>
    </svg>
  );
  return (
    <details class="legend" id="legend">
      <summary>{legend}</summary>
      <ul>
        <li>
          {line("outside", "open")} {legendLines.open}
        </li>
        <li>
          {line("outside", "asks")} {legendLines.asks}
        </li>
        <li>
          {line("inside", "asks")} {legendLines.closed}
        </li>
        <li>
          {line("inside", "unknown")} {legendLines.unknown}
        </li>
      </ul>
      <ul class="doors column">
        {LEGEND_DOORS.map((state) => (
          <li key={state} class={state}>
            <DoorDrawing state={state} /> <span>{words.picture.doorStates[state]}</span>
          </li>
        ))}
      </ul>
    </details>
  );
}
