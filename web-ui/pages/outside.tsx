import type { JSX } from "preact";
import type { Words } from "../locales/words/index.ts";
import { Facts } from "../parts/findings.tsx";
import type { PartProps } from "../parts/frame.tsx";
import { MarkChip } from "../parts/mark.tsx";
import { Mends } from "../parts/mends.tsx";
import { Guard, Switches } from "../parts/outside-settings.tsx";
import { endWords, Leads, portWords } from "../parts/path.tsx";
import { Grounds } from "../parts/ways.tsx";
import { formatStamp } from "../time.ts";
import type {
  Fact,
  ListedWay,
  NamedLink,
  OutsidePage,
  QuestionCard,
  RouterCard,
} from "../view-model/index.ts";

interface Props extends PartProps {
  readonly page: OutsidePage;
}

/** Every way in, how it is known, what could not be known, and what the owner may switch on to know more. */
export function Outside(props: Props): JSX.Element {
  const { frame, words, page } = props;
  const { outside } = words;
  return (
    <article>
      <h1>{outside.title}</h1>
      <p>{outside.intro}</p>
      {page.asOf && page.looked && (
        <p>
          <small>{outside.asOf(formatStamp(page.asOf, words.time))}</small>
        </p>
      )}
      {page.looked ? <Found {...props} /> : <p class="box">{outside.notLooked}</p>}
      {page.looked && <Learnt {...props} />}
      <Knowledge words={words} />
      <Switches frame={frame} words={words} settings={page.settings} />
      <Guard frame={frame} words={words} guard={page.guard} />
      <Mends frame={frame} words={words} mends={page.mends} />
    </article>
  );
}

function Found({ frame, words, page }: Props): JSX.Element {
  const { outside, ways } = words;
  return (
    <>
      <h2>{outside.openTitle}</h2>
      <p>
        {page.open.length + page.more > 0 ? outside.open(page.open.length + page.more) : outside.noneFound}
      </p>
      <ul class="cards">
        {page.open.map((way) => (
          <WayCard key={way.path.key} frame={frame} words={words} way={way} />
        ))}
      </ul>
      {page.more > 0 && <p>{ways.more(page.more)}</p>}
      {page.off.length > 0 && (
        <details id="off">
          <summary>{outside.offTitle(page.off.length)}</summary>
          <ul class="cards">
            {page.off.map((way) => (
              <WayCard key={way.path.key} frame={frame} words={words} way={way} />
            ))}
          </ul>
        </details>
      )}
    </>
  );
}

const EDGE = { open: "danger", asks: "attention", unknown: "unknown", none: "checking" } as const;

function WayCard({ words, way }: PartProps & { way: ListedWay }): JSX.Element {
  const { outside, ways } = words;
  const { path, findings } = way;
  return (
    <li class={`card edge ${EDGE[path.reach]}`}>
      <h3>{portWords(path, words)}</h3>
      <p>
        <Leads path={path} words={words} />
      </p>
      <p>{endWords(path, words)}</p>
      {path.target === null && path.doors !== "unknown" && <p>{ways.nobody}</p>}
      {path.remoteHost && (
        <p>
          <bdi>{ways.onlyFrom(path.remoteHost)}</bdi>
        </p>
      )}
      {path.leaseHours !== null && <small>{ways.lease(path.leaseHours)}</small>}
      {path.description && (
        <small>
          <bdi>{ways.calledIt(path.description)}</bdi>
        </small>
      )}
      <Grounds path={path} words={words} />
      {findings.length > 0 ? (
        <ul class="findings">
          {findings.map(({ id, mark, title }) => (
            <li key={id}>
              <a href={`/findings/${id}`}>
                <MarkChip mark={mark} words={words} /> <b>{title}</b>
              </a>
            </li>
          ))}
        </ul>
      ) : (
        <small>{outside.noFinding}</small>
      )}
    </li>
  );
}

/** What was asked, and all that it did not tell. */
function Learnt({ frame, words, page }: Props): JSX.Element {
  const { outside } = words;
  return (
    <>
      <h2>{outside.routersTitle}</h2>
      {page.routers.length === 0 && <p>{outside.noRouter}</p>}
      <ul class="cards">
        {page.routers.map((router) => (
          <Router key={router.key} frame={frame} words={words} router={router} />
        ))}
      </ul>
      <h2>{outside.questionsTitle}</h2>
      <ul class="cards">
        {page.questions.map((card) => (
          <Question key={card.question} frame={frame} words={words} card={card} />
        ))}
      </ul>
      {page.holders.length > 0 && (
        <section>
          <h2>{outside.holdersTitle}</h2>
          <p>{outside.holders}</p>
          <ul class="rows card">
            {page.holders.map((holder) => (
              <li key={`${holder.name} ${holder.address}`}>
                <Named link={holder} />
                {frame.technical && (
                  <small>
                    <bdi>{holder.address}</bdi>
                  </small>
                )}
              </li>
            ))}
          </ul>
        </section>
      )}
      {page.outbound && (
        <section>
          <h2>{outside.outboundTitle}</h2>
          <p>{outside.outboundWhat}</p>
          {page.outbound.length === 0 && <p>{outside.outboundNone}</p>}
          <ul class="rows">
            {page.outbound.map((one) => (
              <li key={`${one.name} ${one.href}`}>
                <Named link={one} />
                <small>{outside.outbound(one.connections, one.hosts)}</small>
              </li>
            ))}
          </ul>
        </section>
      )}
    </>
  );
}

function Named({ link: { name, href } }: { link: NamedLink }): JSX.Element {
  return href ? (
    <a href={href}>
      <bdi>{name}</bdi>
    </a>
  ) : (
    <bdi>{name}</bdi>
  );
}

function Router({ frame, words, router }: PartProps & { router: RouterCard }): JSX.Element {
  const { outside, ways } = words;
  return (
    <li class="card">
      <h3>
        <Named link={router} />
      </h3>
      <p>{ways.connections[router.connection]}</p>
      {router.maybeShared && <p>{ways.shared}</p>}
      <p>
        {router.igd === null ? outside.upnp.none : router.igd === 1 ? outside.upnp.one : outside.upnp.two}
      </p>
      {router.igd !== null && <p>{router.doubts.length > 0 ? outside.notWhole : outside.whole}</p>}
      {router.doubts.length > 0 && (
        <ul>
          {router.doubts.map((doubt) => (
            <li key={doubt}>{doubt}</li>
          ))}
        </ul>
      )}
      {router.protocols.length > 0 && (
        <p>{outside.protocols(router.protocols.map((one) => one.toUpperCase()).join(", "))}</p>
      )}
      <p>{firewallWords(router, words)}</p>
      {router.pinholes > 0 && <p>{outside.pinholes(router.pinholes)}</p>}
      <Folded frame={frame} words={words} id={`router-${router.key}`} facts={router.facts} />
    </li>
  );
}

function firewallWords({ ipv6Firewall }: RouterCard, { outside: { firewall } }: Words): string {
  if (ipv6Firewall === null) return firewall.unknown;
  if (!ipv6Firewall.enabled) return firewall.off;
  return ipv6Firewall.pinholeAllowed ? firewall.holes : firewall.on;
}

function Question({ frame, words, card }: PartProps & { card: QuestionCard }): JSX.Element {
  const { outside } = words;
  return (
    <li class="card" data-question={card.question}>
      <h3>{outside.questions[card.question]}</h3>
      {card.told.map((sentence) => (
        <p key={sentence}>{sentence}</p>
      ))}
      {card.toKnow && (
        <p>
          <b>{outside.toKnow}:</b> {card.toKnow}
        </p>
      )}
      {card.at && <small>{outside.asked(formatStamp(card.at, words.time))}</small>}
      <Folded frame={frame} words={words} id={`question-${card.question}`} facts={card.facts} />
    </li>
  );
}

/** Addresses and ports: open for whoever mends, folded for everybody else. */
function Folded({
  frame,
  words,
  id,
  facts,
}: PartProps & { id: string; facts: readonly Fact[] }): JSX.Element | null {
  if (facts.length === 0) return null;
  return (
    <details id={id} open={frame.technical}>
      <summary>{words.finding.record}</summary>
      <Facts facts={facts} />
    </details>
  );
}

function Knowledge({ words }: { words: Words }): JSX.Element {
  const { knowledgeTitle, knowledge } = words.outside;
  return (
    <aside class="box" id="knowledge">
      <h2>{knowledgeTitle}</h2>
      {knowledge.map((sentence) => (
        <p key={sentence}>{sentence}</p>
      ))}
    </aside>
  );
}
