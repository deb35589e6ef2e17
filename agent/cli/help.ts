import type { LocalizedText } from "../model/index.ts";

const en = `Komainu finds the cameras on this network and asks of each: who can see you?

  komainu scan                      look once, print a table
    --consent "NAME, ROLE"          who allows it: asks the cameras, tries factory logins (this run only)
    --json                          print one Report as JSON
    --until STAGE                   stop after discover, inventory or probes and print the scan
    --from FILE                     continue a saved scan without touching the network
    exit status                     0 nothing found, 1 findings, 2 could not check
  komainu run                       the daemon with its page
    --listen [ADDRESS:]PORT         default: port 8080 on every LAN address
    --allow-host NAME               another name under which the page may be opened
    --every HOURS                   hours between scans, default 6
  komainu consent [--consent "NAME, ROLE"] [--months N] [--withdraw]
  komainu doctor                    what it can and cannot do on this machine and network, and why
  komainu identify                  JSON lines in, maker and model out: {"field": "http.server", "value": "..."}
  komainu record ADDRESS [FILE] --consent "NAME, ROLE"
                                    what one device answers, redacted, as a test fixture
  komainu claim                     print the claim code of the page again
  komainu vantage --listen [ADDRESS:]PORT --key-file FILE
                                    on a host outside: tells a site, at its own address only, what can be reached
    --new-key HOST:PORT             add a key and print what to enter at the site

  Everywhere: --interface NAME (again for more), --max-hosts N, --state DIRECTORY, --lang ja|en, --quiet,
              --events (progress as JSON lines on standard error)
`;

const ja = `Komainu は、このネットワークのカメラを見つけ、1台ずつ「だれに見えるか」を調べます。

  komainu scan                      1回調べて、表にします
    --consent "名前, 役職"          許可する方の名前。カメラにたずね、買ったときのパスワードを試します（この回だけ）
    --json                          結果を JSON で出します
    --until 段階                    discover、inventory、probes のどれかで止めて、途中の記録を出します
    --from ファイル                 途中の記録から続けます。ネットワークには触れません
    終了コード                      0 見つからず、1 見つかった、2 確認できなかった
  komainu run                       常に見守るプログラムと、その画面
    --listen [アドレス:]番号        はじめは全部の LAN アドレスの 8080 番
    --allow-host 名前               画面を開いてよい別の名前
    --every 時間                    点検の間隔（はじめは6時間）
  komainu consent [--consent "名前, 役職"] [--months N] [--withdraw]
  komainu doctor                    この機械とネットワークでできること、できないこと、その理由
  komainu identify                  1行ずつの JSON から、メーカーと型番を答えます
  komainu record アドレス [ファイル] --consent "名前, 役職"
                                    1台の返事を、だれのものか分からない形で残します
  komainu claim                     画面を開くための番号を、もう一度出します
  komainu vantage --listen [アドレス:]番号 --key-file ファイル
                                    外のサーバーで動かし、たずねてきた場所自身にだけ、外から届くものを答えます
    --new-key ホスト名:番号         鍵を1つ足し、現場で入れる文字列を出します

  共通: --interface 名前（くり返せます）、--max-hosts N、--state 場所、--lang ja|en、--quiet、
        --events（途中のようすを1行ずつの JSON で標準エラーに）
`;

export const HELP: LocalizedText = { en, ja };
