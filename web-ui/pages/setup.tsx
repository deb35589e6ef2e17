import type { JSX } from "preact";
import type { Manager } from "../../agent/model/index.ts";
import { Facts } from "../parts/findings.tsx";
import type { PartProps } from "../parts/frame.tsx";
import { MarkChip } from "../parts/mark.tsx";
import { PinForm } from "../parts/pin-form.tsx";
import { Remains } from "../parts/remains.tsx";
import { Trail } from "../parts/trail.tsx";
import { formatDate, formatTime } from "../time.ts";
import type { SetupBody, SetupCamera, SetupPage, SetupStep } from "../view-model/index.ts";

interface Props extends PartProps {
  readonly page: SetupPage;
}

type BodyProps<S extends SetupStep> = PartProps & { body: Extract<SetupBody, { step: S }> };

const MANAGERS: readonly Manager[] = ["site", "contractor", "service", "unknown"];

export function Setup({ frame, words, page }: Props): JSX.Element {
  const { body, trail, next } = page;
  const done = trail.steps.some(({ id, done }) => id === body.step && done);
  return (
    <>
      <Trail frame={frame} words={words} trail={trail} />
      <h1>{words.setup.headings[body.step]}</h1>
      <Body frame={frame} words={words} body={body} />
      {next && (
        <p class="onward">
          <a class={done ? "button" : "button quiet"} href={`/setup/${next}`}>
            {done ? words.setup.next : words.setup.later}
          </a>
        </p>
      )}
    </>
  );
}

function Body({ frame, words, body }: PartProps & { body: SetupBody }): JSX.Element {
  switch (body.step) {
    case "place":
      return <Place frame={frame} words={words} body={body} />;
    case "cameras":
      return <Cameras frame={frame} words={words} body={body} />;
    case "consent":
      return <Permission frame={frame} words={words} body={body} />;
    case "scan":
      return <FirstCheck frame={frame} words={words} body={body} />;
    case "pin":
      return <Pin frame={frame} words={words} body={body} />;
    case "end":
      return <End frame={frame} words={words} body={body} />;
  }
}

function Place({ frame, words, body }: BodyProps<"place">): JSX.Element {
  const { place, whoDecides, save } = words.setup;
  return (
    <>
      <p>{place.why}</p>
      <p>{place.shown}</p>
      {frame.mayDecide ? (
        <form class="box" method="post" action="/setup/place">
          <label>
            {place.name}
            <input
              name="place"
              required
              maxLength={60}
              autocomplete="organization"
              aria-describedby="place-example"
              value={body.place}
            />
          </label>
          <p id="place-example">{place.nameExample}</p>
          <label>
            {place.contact}
            <input name="contact" maxLength={80} aria-describedby="contact-example" value={body.contact} />
          </label>
          <p id="contact-example">{place.contactExample}</p>
          <button type="submit">{save}</button>
        </form>
      ) : (
        <p class="box">{whoDecides}</p>
      )}
    </>
  );
}

function Cameras({ frame, words, body }: BodyProps<"cameras">): JSX.Element {
  const { cameras } = words.setup;
  const all = body.cameras.length + body.early.length;
  return (
    <>
      {all > 0 && (
        <>
          <p>{cameras.found(all)}</p>
          <p>{cameras.walk}</p>
        </>
      )}
      {frame.scanning && <p>{cameras.searching}</p>}
      {all === 0 && <NoCamera frame={frame} words={words} body={body} />}
      {body.cameras.length > 0 && (
        <form method="post" action="/setup/cameras">
          <datalist id="places">
            {cameras.places.map((place) => (
              <option key={place} value={place} />
            ))}
          </datalist>
          {body.cameras.map((camera, index) => (
            <CameraFields key={camera.key} frame={frame} words={words} camera={camera} nth={index + 1} />
          ))}
          <button type="submit">{words.setup.save}</button>
        </form>
      )}
      {body.early.length > 0 && (
        <section class="box">
          <p>{cameras.early}</p>
          <ul>
            {body.early.map((name) => (
              <li key={name}>
                <bdi>{name}</bdi>
              </li>
            ))}
          </ul>
        </section>
      )}
    </>
  );
}

function CameraFields({
  frame,
  words,
  camera,
  nth,
}: PartProps & { camera: SetupCamera; nth: number }): JSX.Element {
  const { consent, setup } = words;
  return (
    <fieldset>
      <legend>
        {setup.cameras.each(nth)} <bdi>{camera.looks}</bdi>
      </legend>
      {frame.technical && <Facts facts={camera.facts} />}
      <label>
        {setup.cameras.name}
        <input name={`name:${camera.key}`} maxLength={40} list="places" value={camera.name} />
      </label>
      <label>
        {consent.managers}
        <select name={`manager:${camera.key}`}>
          {MANAGERS.map((manager) => (
            <option key={manager} value={manager} selected={manager === camera.manager}>
              {words.managers[manager]}
            </option>
          ))}
        </select>
      </label>
    </fieldset>
  );
}

function NoCamera({ words, body }: BodyProps<"cameras">): JSX.Element {
  const { cameras } = words.setup;
  return (
    <section class="box">
      <h2>{cameras.none}</h2>
      {!body.mayAsk && <p>{cameras.noneYet}</p>}
      <ul>
        {cameras.noneSteps.map((step) => (
          <li key={step}>{step}</li>
        ))}
      </ul>
      <form method="post" action="/setup/scan">
        <button class="quiet" type="submit">
          {cameras.lookAgain}
        </button>
      </form>
    </section>
  );
}

function Permission({ words, body }: BodyProps<"consent">): JSX.Element {
  const { consent } = words.setup;
  const { given, changed } = body;
  return (
    <>
      {given ? (
        <p>{consent.given(given.person, given.role, formatDate(given.until, words.time))}</p>
      ) : (
        <p>{consent.hand}</p>
      )}
      {changed.length > 0 && (
        <section class="box">
          <p>{consent.changed}</p>
          <ul>
            {changed.map((name) => (
              <li key={name}>
                <bdi>{name}</bdi>
              </li>
            ))}
          </ul>
        </section>
      )}
      <p class="act">
        <a class={given && changed.length === 0 ? "button quiet" : "button"} href="/consent">
          {given ? consent.renew : consent.open}
        </a>
      </p>
      {!given && <p>{consent.absent}</p>}
    </>
  );
}

function FirstCheck({ frame, words, body }: BodyProps<"scan">): JSX.Element {
  const { scan, steps } = words.setup;
  const time = formatTime(body.finishedAt ?? frame.now, frame.now, words.time);
  return (
    <>
      {body.state === "no-consent" && (
        <>
          <p>{scan.needsConsent}</p>
          <p class="act">
            <a class="button" href="/setup/consent">
              {steps.consent}
            </a>
          </p>
        </>
      )}
      {body.state === "running" && <p>{scan.running}</p>}
      {body.state === "not-begun" && <p>{scan.notBegun}</p>}
      {body.state === "done" && (
        <>
          <p>{scan.done(time)}</p>
          {body.cameras.length > 0 && <p>{scan.so}</p>}
        </>
      )}
      {body.state !== "no-consent" && body.cameras.length > 0 && (
        <>
          <h2>{words.status.camerasHeading}</h2>
          <ul class="cards">
            {body.cameras.map(({ key, name, mark }) => (
              <li key={key} class={`card edge ${mark}`}>
                <h3>
                  <a href={`/cameras/${key}`}>
                    <bdi>{name}</bdi>
                  </a>
                  <MarkChip mark={mark} words={words} />
                </h3>
              </li>
            ))}
          </ul>
        </>
      )}
      {(body.state === "not-begun" || body.state === "done") && (
        <form method="post" action="/setup/scan">
          <button class={body.state === "done" ? "quiet" : undefined} type="submit">
            {body.state === "done" ? words.status.checkNow : scan.begin}
          </button>
        </form>
      )}
    </>
  );
}

function Pin({ frame, words, body }: BodyProps<"pin">): JSX.Element {
  const { pin, whoDecides } = words.setup;
  return (
    <>
      <p>{body.isSet ? pin.isSet : pin.who}</p>
      <p>{pin.use}</p>
      <div class="box">
        {frame.mayDecide ? <PinForm frame={frame} words={words} from="setup" /> : <p>{whoDecides}</p>}
      </div>
    </>
  );
}

function End({ frame, words, body }: BodyProps<"end">): JSX.Element {
  const { end, steps } = words.setup;
  return (
    <>
      {body.unfinished.length > 0 && (
        <section class="box">
          <p>{end.unfinished}</p>
          <ul class="plain">
            {body.unfinished.map((step) => (
              <li key={step}>
                <a href={`/setup/${step}`}>{steps[step]}</a>
              </li>
            ))}
          </ul>
        </section>
      )}
      <Remains frame={frame} words={words} remaining={body.remaining} />
      <p class="section">{end.sheetWhy}</p>
      <p class="act">
        <a class="button" href="/report">
          {end.sheet}
        </a>
      </p>
      {frame.mayDecide && (
        <>
          <p class="section">
            {body.handedOverAt ? end.handedOver(formatDate(body.handedOverAt, words.time)) : end.handOverWhy}
          </p>
          <p class="act">
            <a class="button quiet" href="/access">
              {end.handOver}
            </a>
          </p>
        </>
      )}
    </>
  );
}
