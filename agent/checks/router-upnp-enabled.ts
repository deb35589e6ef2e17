import { type CheckInput, type Device, factOf } from "../model/index.ts";
import { defineCheck, fail, gapIn, pass, unknown } from "./outcomes.ts";
import { offersIgd } from "./router.ts";

export const routerUpnpEnabled = defineCheck({
  id: "router-upnp-enabled",
  severity: "low",
  level: "L0",
  kinds: ["router"],
  questions: ["igd"],
  text: {
    title: {
      ja: "ルーターに、入口を自動で開ける機能が入っています",
      en: "The router lets devices open doors by themselves",
    },
    why: {
      ja: "カメラやソフトが、人に断らずに外への入口を開けられる状態です（UPnP）。いま開いている入口は、別の点検で調べます。",
      en: "A camera or a program can open a door to the internet without asking anyone (UPnP). Doors that are open now are a check of their own.",
    },
    whoCanSee: {
      ja: "この機能を使えるのは、この建物のネットワークの機械です。",
      en: "Devices on this building's network can use this feature.",
    },
    steps: [
      {
        actors: ["contractor", "carrier"],
        text: {
          ja: "ルーターの設定で、この機能（UPnP）を切る。",
          en: "Turn UPnP off in the router's settings.",
        },
      },
      {
        actors: ["site"],
        text: {
          ja: "切ったあと、電話やテレビ会議などで困ることがないか見る。",
          en: "Afterwards, see whether phone or video meetings suffer.",
        },
      },
      {
        actors: ["contractor"],
        text: {
          ja: "困るときは、必要な入口だけを手で作り、記録する。",
          en: "If they do, add only the needed entry by hand and record it.",
        },
      },
    ],
    standards: ["IPA JISEC-PROC-2018-A01 4.2", "総務省 (MIC) 2025-12-23 (3)", "EN 303 645 5.6-1"],
  },
  judge(input) {
    const igd = factOf(input.evidence, "igd");
    const control = factOf(input.evidence, "portControl");
    const offers = [
      ...(igd ? [`InternetGatewayDevice:${igd.version}`] : []),
      ...(control?.natPmp ? ["NAT-PMP"] : []),
      ...(control?.pcp ? ["PCP"] : []),
    ];
    const gap = gapIn(input.evidence, ["igd"]);
    if (offers.length > 0) {
      const found = fail({ subject: igd ? "" : "NAT-PMP", audience: "building", evidence: offers });
      return gap === null ? [found] : [found, gap];
    }
    if (offersIgd(input)) return [gap ?? unknown("unclear")];
    if (gap?.outcome === "notchecked") return [gap];
    return [searchWorked(input) ? pass() : unknown("no-upnp-answer")];
  },
});

/** Silence proves something only where the question arrives: somebody on the router's network answered SSDP. */
function searchWorked({ device, site }: CheckInput): boolean {
  const interfaces = new Set(device.addresses.map((address) => address.interface));
  return [device, ...site.devices].some(
    (other) => answeredSsdp(other) && other.addresses.some((address) => interfaces.has(address.interface)),
  );
}

function answeredSsdp({ fields }: Device): boolean {
  return fields["ssdp.server"] !== undefined || fields["ssdp.st"] !== undefined;
}
