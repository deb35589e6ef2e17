import type { ComponentChildren, JSX } from "preact";
import type { Words } from "../locales/words/index.ts";
import type { PathView, Way } from "../view-model/index.ts";
import { DoorName } from "./door.tsx";
import { At, Camera, Drawing, Gate, OUT, Row, Thing, World } from "./map.tsx";

interface Props {
  readonly path: PathView;
  readonly words: Words;
}

/** One way in as a picture: the outside, the router, the device, its door, and who sees it. A list, so that it reads in order. */
export function PathDrawing({ path, words }: Props): JSX.Element {
  const { ways } = words;
  const { reach, target } = path;
  const isCamera = target?.kind === "camera" || target?.kind === "recorder";
  return (
    <figure class="map path">
      <ol aria-label={ways.title}>
        <Row class="world" drawing={<World way={reach} />} title={ways.world}>
          <Who path={path} words={words} />
          <small>{portWords(path, words)}</small>
        </Row>
        <Row class="gate" drawing={<Gate way={reach} shut={reach === "none"} />} title={words.picture.gate}>
          <Router path={path} words={words} />
        </Row>
        <Row
          class={reach === "open" ? "stop danger" : "stop"}
          drawing={<Piece way={reach}>{isCamera ? <Camera x={OUT} /> : <Thing x={OUT} />}</Piece>}
          title={<Target path={path} words={words} />}
        >
          {target === null && path.doors !== "unknown" && ways.nobody}
        </Row>
        <Row
          class="stop"
          drawing={
            <Piece way={reach}>
              <Door way={reach} />
            </Piece>
          }
          title={<DoorWords path={path} words={words} />}
        >
          {null}
        </Row>
        <Row
          class="stop"
          drawing={
            <Piece way={reach} last>
              <Eye />
            </Piece>
          }
          title={ways.seen}
        >
          {endWords(path, words)}
        </Row>
      </ol>
    </figure>
  );
}

/** Port and protocol on the outside, for a list as for the drawing. */
export function portWords(
  { externalPort, protocol, family, hole }: PathView,
  { ways, picture }: Words,
): string {
  if (hole !== null) return ways.hole(String(hole));
  const port =
    externalPort === null ? ways.everyPort : picture.ports(picture.at(String(externalPort), protocol));
  return family === 6 ? `${ways.ipv6} ${port}` : port;
}

/** How far whoever comes this way gets, as far as that is known. */
export function endWords({ reach, limited }: PathView, { ways }: Words): string {
  return limited && reach !== "none" ? ways.endLimited : ways.ends[reach];
}

function Who({ path: { remoteHost, reach, limited }, words: { ways } }: Props): JSX.Element | null {
  if (remoteHost) return <bdi>{ways.onlyFrom(remoteHost)}</bdi>;
  return reach === "none" || limited ? null : <span>{ways.anyone}</span>;
}

function Router({ path, words }: Props): JSX.Element {
  const { ways } = words;
  const { router, connection, maybeShared, description, reach, family } = path;
  return (
    <>
      {reach === "none" ? ways.stopped : ways.passes[family]}
      {router && (
        <small>
          <bdi>{router}</bdi>
        </small>
      )}
      {description && (
        <small>
          <bdi>{ways.calledIt(description)}</bdi>
        </small>
      )}
      {connection !== null && connection !== "public" && <small>{ways.connections[connection]}</small>}
      {maybeShared && <small>{ways.shared}</small>}
    </>
  );
}

/** The device behind a way, with the link to its page where there is one. */
function Target({ path, words }: Props): JSX.Element | string {
  const { ways, kinds } = words;
  const { target, candidates } = path;
  if (target?.kind === "self") return ways.self;
  if (target === null)
    return <bdi>{candidates.length > 0 ? ways.oneOf(candidates.join(words.common.and)) : kinds.unknown}</bdi>;
  const name = <bdi>{target.name ?? kinds[target.kind]}</bdi>;
  return target.href ? <a href={target.href}>{name}</a> : name;
}

function DoorWords({ path, words }: Props): JSX.Element | string {
  const { door, doors, internalPort, protocol } = path;
  if (door !== null) return <DoorName door={door} words={words} />;
  if (internalPort === null) return words.ways[doors === "every" ? "everyDoor" : "doorUnknown"];
  return words.ways.door(words.picture.at(String(internalPort), protocol));
}

/** Where a way leads, in one line of a list. */
export function Leads({ path, words }: Props): JSX.Element {
  return (
    <>
      → <Target path={path} words={words} />
      {path.doors !== "unknown" && (
        <>
          , <DoorWords path={path} words={words} />
        </>
      )}
    </>
  );
}

/** One stop on the line; the last one ends it. */
function Piece({
  way,
  last = false,
  children,
}: {
  way: Way;
  last?: boolean;
  children: ComponentChildren;
}): JSX.Element {
  return (
    <Drawing>
      {way !== "none" && (
        <line class={`outside ${way}`} x1={OUT} y1="0" x2={OUT} y2={last ? "50%" : "100%"} />
      )}
      {children}
    </Drawing>
  );
}

const LEAVES: Readonly<Record<Way, string>> = {
  open: "M-8 -12l9 4v20h-9",
  asks: "M-4 -1h8v6h-8zM-2 -1v-2a2 2 0 0 1 4 0v2",
  unknown: "M-2.5 -3a2.6 2.6 0 1 1 3.8 2.3c-.8.4-1.2.9-1.2 1.7M0 4.6v.3",
  none: "M-4 0h8",
};

function Door({ way }: { way: Way }): JSX.Element {
  return (
    <At x={OUT}>
      <path class="body" d="M-8 -12h16v24h-16z" />
      <path class="ink" d={LEAVES[way]} />
    </At>
  );
}

function Eye(): JSX.Element {
  return (
    <At x={OUT}>
      <path class="body" d="M-16 0Q0 -15 16 0Q0 15 -16 0z" />
      <circle class="ink" r="4.5" />
    </At>
  );
}
