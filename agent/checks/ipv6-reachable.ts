import { type CheckInput, isGlobalIpv6, type SiteView, siteFactOf } from "../model/index.ts";
import { defineCheck, fail, type Judgement, notApplicable, notChecked, pass, unknown } from "./outcomes.ts";
import { wayLine, waysByName } from "./ways.ts";

/** There is no NAT in IPv6: a camera with a global address is as reachable as the router's filter lets it be. */
export const ipv6Reachable = defineCheck({
  id: "ipv6-reachable",
  severity: "high",
  level: "L0",
  kinds: ["camera", "recorder", "router"],
  questions: [],
  siteQuestions: ["ipv6", "gateway", "vantage"],
  text: {
    title: {
      ja: "「{cam}」に、外から新しい方式（IPv6）で届きます",
      en: '"{cam}" can be reached from the internet over IPv6',
    },
    why: {
      ja: "インターネットで使える住所（IPv6）への通信を、ルーターが止めていません。",
      en: "The router does not stop traffic from the internet to addresses that are valid there (IPv6).",
    },
    whoCanSee: {
      ja: "インターネットの側から、その入口まで届く設定です。",
      en: "The router is set to let the internet reach that door.",
    },
    steps: [
      {
        actors: ["contractor", "carrier"],
        text: {
          ja: "ルーターで、外からの新しい方式の通信（IPv6）を止める設定を有効にする。",
          en: "Turn on the router's inbound filter for IPv6.",
        },
      },
      {
        actors: ["contractor", "carrier"],
        text: {
          ja: "素通しにする設定（IPv6ブリッジ、IPv6パススルー）を使っていれば、止める。",
          en: "If IPv6 bridge or pass-through is in use, turn it off.",
        },
      },
      {
        actors: ["contractor"],
        text: {
          ja: "カメラで新しい方式（IPv6）を使わないなら、カメラの設定で切る。",
          en: "If the camera does not need IPv6, turn it off in the camera.",
        },
      },
    ],
    standards: ["IPA JISEC-PROC-2018-A01 3.4", "総務省 (MIC) 2025-12-23 (3)", "EN 303 645 5.6-1"],
  },
  judge(input) {
    return input.device.kind === "router" || input.device.self ? judgeRouter(input) : [judgeCamera(input)];
  },
});

function judgeCamera({ device, site }: CheckInput): Judgement {
  const paths = site.paths.filter(
    ({ family, deviceId, enabled }) => family === 6 && deviceId === device.id && enabled,
  );
  if (paths.length > 0)
    return fail({ subject: "IPv6", audience: "internet", evidence: paths.map(wayLine), paths });
  const look = site.questions.ipv6;
  if (look === undefined) return notChecked("not-asked");
  if (!look.asked) return notChecked(look.because);
  if (!look.answer.ok) return unknown(look.answer.reason);
  const { prefixes, holders } = look.answer.value;
  const own = holders.filter(({ deviceId }) => deviceId === device.id).map(({ address }) => address);
  if (own.length > 0) return filterJudgement(site, own);
  if (prefixes.length === 0) return notApplicable("no-ipv6");
  const speaksIpv6 = device.addresses.some(({ address }) => address.includes(":"));
  return speaksIpv6 ? unknown("no-global-address-seen") : notApplicable("no-ipv6");
}

/** Whether anything shows that the router stops new connections to global addresses. */
function filterJudgement(site: SiteView, evidence: readonly string[]): Judgement {
  const beacon = siteFactOf(site.questions, "vantage")?.looks.find(({ family }) => family === 6)?.beacon;
  if (beacon === "silent" || beacon === "closed")
    return pass({ evidence: [...evidence, "a vantage point was not let through"] });
  if (siteFactOf(site.questions, "gateway")?.ipv6 === "filtered")
    return pass({ evidence: [...evidence, "this router filters"] });
  const firewalls = site.routers.flatMap(({ ipv6Firewall }) => (ipv6Firewall ? [ipv6Firewall] : []));
  if (firewalls.length === 0) return unknown("ipv6-filter-unknown", { evidence });
  // The router's own word that it filters does not tell which holes it was asked for.
  const holes = firewalls.some(({ pinholeAllowed }) => pinholeAllowed) && !site.pinholesKnown;
  return holes
    ? unknown("ipv6-holes-not-listed", { evidence })
    : pass({ evidence: [...evidence, "the router says that it filters"] });
}

function judgeRouter({ device, site }: CheckInput): readonly Judgement[] {
  const holes = site.paths.filter(
    ({ family, routerId, closable }) => family === 6 && routerId === device.id && closable === "pinhole",
  );
  const failing = [...waysByName(holes)].map(([subject, paths]) =>
    fail({ subject, severity: "medium", audience: "internet", evidence: paths.map(wayLine), paths }),
  );
  const view = site.routers.find(({ routerId }) => routerId === device.id);
  const filter = view?.ipv6Firewall ?? null;
  const hasIpv6 = site.devices.some(({ addresses }) =>
    addresses.some(({ address }) => isGlobalIpv6(address)),
  );
  if (filter?.enabled === false && hasIpv6)
    return [
      ...failing,
      fail({ subject: "", severity: "medium", audience: "internet", evidence: ["filter off"] }),
    ];
  if (failing.length > 0) return failing;
  if (!hasIpv6) return [notApplicable("no-ipv6")];
  if (filter === null) return [unknown("ipv6-filter-unknown")];
  return [filter.pinholeAllowed && !site.pinholesKnown ? unknown("ipv6-holes-not-listed") : pass()];
}
