import { type CheckInput, type InboundPath, type SiteView, siteFactOf } from "../model/index.ts";
import { defineCheck, fail, type Judgement, notApplicable, notChecked, pass, unknown } from "./outcomes.ts";
import { speaksForSite } from "./router.ts";
import { isListed, leadsToAgent, wayLine, waysByName } from "./ways.ts";

/** Ways in over IPv4 that no list of the router shows: known only because the outside address was asked. */
export const reachableFromInternet = defineCheck({
  id: "reachable-from-internet",
  severity: "high",
  level: "L1",
  kinds: ["camera", "recorder", "router"],
  questions: [],
  siteQuestions: ["gateway", "hairpin", "vantage", "internetdb"],
  text: {
    title: {
      ja: "「{cam}」の入口が、外から返事をします",
      en: 'A door of "{cam}" answers from the internet',
    },
    why: {
      ja: "外側の住所（番号：{port}）にたずねると、返事がありました。ルーターの自動の一覧にはありません。人が手で作った設定と考えられます。",
      en: "Asked at the outside address (port {port}), it answered. The router's list of automatic entries does not hold it, so somebody probably made it by hand.",
    },
    whoCanSee: {
      ja: "インターネットの側から、この入口まで届きます。パスワードが弱いと、中まで入られる可能性があります。",
      en: "The internet reaches this door. With a weak password, people may get in.",
    },
    steps: [
      {
        actors: ["site"],
        text: {
          ja: "だれが何のために外から使っているか確かめ、業者に電話する。",
          en: "Find out who uses it from outside and what for, and phone the contractor.",
        },
      },
      {
        actors: ["contractor", "carrier"],
        text: {
          ja: "ルーターで、手で作った設定（ポート転送、静的IPマスカレード、DMZ）を消す。",
          en: "In the router, delete the entry made by hand (port forwarding, static NAT, DMZ).",
        },
      },
      {
        actors: ["contractor"],
        text: {
          ja: "外から見る必要があれば、入口を開けない方法に替える（メーカーの中継、VPN）。",
          en: "If remote viewing is needed, use a way without an open door (the maker's relay, a VPN).",
        },
      },
    ],
    standards: ["IPA JISEC-PROC-2018-A01 3.4", "総務省 (MIC) 2025-12-23 (3)", "EN 303 645 5.6-1"],
  },
  judge(input) {
    const { device, site } = input;
    const isCamera = device.kind !== "router" && !device.self;
    const measured = site.paths.filter(
      (path) => path.family === 4 && !isListed(path) && !leadsToAgent(path, site),
    );
    const mine = isCamera
      ? measured.filter(({ deviceId }) => deviceId === device.id)
      : measured.filter((path) => speaksForSite(input) && isNobodys(path));
    const failing = [...waysByName(mine)].map(([subject, paths]) =>
      fail({
        subject,
        severity: isCamera || paths.some(({ candidates }) => candidates.length > 0) ? "high" : "medium",
        audience: "internet",
        evidence: [...paths.map(wayLine), ...paths.flatMap((path) => candidateNames(path, site))],
        paths,
        values: { port: paths[0]?.externalPort ?? "1-65535" },
      }),
    );
    if (failing.length > 0) return failing;
    return [isCamera ? settled(input) : settledForRouter(input)];
  },
});

/** Nobody can tell which device answered, so the router carries it. */
function isNobodys({ deviceId }: InboundPath): boolean {
  return deviceId === null;
}

function candidateNames({ candidates }: InboundPath, site: SiteView): readonly string[] {
  return site.devices
    .filter(({ id }) => candidates.includes(id))
    .map(({ id, addresses }) => `answers alike: ${addresses[0]?.address ?? id}`);
}

function settledForRouter(input: CheckInput): Judgement {
  return speaksForSite(input) ? settled(input) : notApplicable("not-applicable");
}

/**
 * Nothing was found. That means something where this machine is the router and could read its own rules, where the
 * carrier's line lets nobody in, or where a vantage point has asked.
 */
function settled({ site }: CheckInput): Judgement {
  const gateway = siteFactOf(site.questions, "gateway");
  if (gateway !== null && gateway.unread.length === 0) return pass({ evidence: ["own rules read"] });
  const kinds = site.routers.map(({ connection }) => connection);
  if (kinds.length > 0 && kinds.every((kind) => kind === "cgnat" || kind === "ds-lite"))
    return notApplicable("carrier-blocks");
  const vantage = site.questions.vantage;
  if (vantage === undefined) return notChecked("not-asked");
  if (!vantage.asked)
    return notChecked(vantage.because === "switched-off" ? "outside-check-off" : vantage.because);
  if (!vantage.answer.ok) return unknown(vantage.answer.reason);
  const look = vantage.answer.value.looks.find(({ family }) => family === 4);
  if (look === undefined || look.asked.length === 0) return unknown("no-outside-address");
  if (site.routers.some(({ externalAddress, maybeShared }) => maybeShared && externalAddress === look.seenAs))
    return unknown("address-maybe-shared");
  return pass({ evidence: [`${look.asked.length} ports asked from outside`] });
}
