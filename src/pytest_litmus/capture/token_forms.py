"""Token forms: how the issuers of credentials write them, one form a line.

A form is a prefix that nobody else writes, an alphabet and a length, as issuers say themselves and
as the lists of partners of secret scanning name them
(https://docs.github.com/en/code-security/secret-scanning/introduction/supported-secret-scanning-patterns).
"""

from __future__ import annotations

import re
from collections.abc import Iterator

_UUID = r"[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}"
_LITERAL = re.compile(r"(?:[\w:/~^@#!%-]|\\[.$|+])+(?![\w:/~^@#!%-]?[{?*+|])")
"""What a form begins with: characters that stand for themselves, the last one not repeated."""


def token_forms() -> Iterator[tuple[str, str, str]]:
    """The forms: a kind, a lower-case text that each of its tokens holds, and the pattern."""
    for line in filter(None, map(str.strip, _FORMS.splitlines())):
        kind, _, written = line.partition(" ")
        form = written.replace("UUID", _UUID)
        literal = _LITERAL.match(form)
        needle = literal[0].replace("\\", "").lower() if literal else ""
        yield kind, needle, form + r"(?![A-Za-z0-9])"


_FORMS = r"""
anthropic-key sk-ant-[\w-]{20,}
openai-key sk-(?:proj|svcacct|admin|None)-[\w-]{20,}
google-api-key AIza[\w-]{35}(?![\w-])
google-api-key AQ\.Ab8[\w-]{45,}
google-oauth-token ya29\.[\w-]{20,}
google-oauth-secret GOCSPX-[\w-]{20,}
google-refresh-token 1//0[\w-]{30,}
google-hmac-key GOOG1?[A-Z0-9]{20,60}
bedrock-api-key ABSK[A-Za-z0-9+/]{100,}={0,2}
bedrock-api-key bedrock-api-key-YmVkcm9jay5hbWF6b25hd3MuY29t[A-Za-z0-9+/=]*
amazon-oauth-client amzn1\.(?:application-oa2-client|oa2-cs\.v1)\.[0-9a-f]{32,64}
amazon-marketplace-key amzn\.mws\.UUID
huggingface-token api_org_[A-Za-z0-9]{34}(?!_)
huggingface-token hf_[A-Za-z0-9]{34,37}(?!_)
groq-key gsk_[A-Za-z0-9]{40,}
xai-key xai-[A-Za-z0-9]{40,}
perplexity-key pplx-[A-Za-z0-9]{32,}
nvidia-key nvapi-[\w-]{40,}
replicate-token r8_[A-Za-z0-9]{37}
fireworks-key fw_[A-Za-z0-9]{20,}
fireworks-key fpk_[A-Za-z0-9]{20,}
together-key tgp_v1_[\w-]{30,}
cerebras-key csk-[a-z0-9]{40,}
langsmith-key lsv2_(?:pt|sk)_[0-9a-f]{32}_[0-9a-f]{10}
langfuse-key sk-lf-UUID
pinecone-key pcsk_[A-Za-z0-9_]{40,}
tavily-key tvly-[\w-]{20,}
jina-key jina_[A-Za-z0-9]{32}[\w-]{20,}
firecrawl-key fc-[0-9a-f]{32}
e2b-key e2b_[0-9a-f]{40}
browserbase-key bb_live_[\w-]{20,}
llamacloud-key llx-[A-Za-z0-9]{40,}
mem0-key m0-[A-Za-z0-9]{40}
voyage-key pa-[\w-]{43}(?![\w-])
elevenlabs-key sk_[0-9a-f]{48}
cartesia-key sk_car_[\w-]{20,}
retell-key key_[0-9a-f]{28}
modal-token a[ks]-[A-Za-z0-9]{22}
wandb-key wandb_v1_\w{70,}
runpod-key rpa_[A-Za-z0-9]{40,}
clarifai-key clarifai_[A-Za-z0-9]{32}
zhipu-key [0-9a-f]{32}\.[A-Za-z0-9]{16}
github-token gh[pousr]_[A-Za-z0-9]{36,}
github-token github_pat_\w{60,}
github-token ghs_\d{1,12}_eyJ[\w.-]{40,}
gitlab-token gl(?:pat|[dfrw]t|rtr|ptt|imt|agent|soat|cbt|oas|ffct)-[\w=.-]{20,}
gitlab-token GR1348941[\w-]{20}
gitea-token gta_[0-9a-f]{40}
bitbucket-token ATBB[\w=]{32,}
bitbucket-token BBDC-[A-Za-z0-9+/]{40,}
atlassian-token AT(?:ATT|CTT|STT|CTX)\w[\w=-]{50,}
circleci-token CCIP(?:AT|RJ)_[A-Za-z0-9]{22}_[0-9a-fA-F]{40}
buildkite-token bk(?:ua|aj|ar|cat|ct)_[a-z0-9]{40}
codecov-key codecov_[A-Za-z0-9]{30,}
travis-token travis_[A-Za-z0-9]{20,}
netlify-token nf[pocbu]_[A-Za-z0-9]{36}
vercel-token vc[ptiarkbc]_[A-Za-z0-9]{24,}
vercel-token vercel_blob_rw_\w{30,}
render-key rnd_[A-Za-z0-9]{28,32}
railway-token railway_[A-Za-z0-9_-]{30,}
heroku-key HRKU-[\w-]{30,}
fly-token fm[12][ar]?_[A-Za-z0-9+/]{60,}={0,3}
fly-token fo1_[\w-]{43}
deno-token dd[pow]_[A-Za-z0-9]{36}
supabase-key sbp_(?:oauth_)?[A-Za-z0-9]{40}
supabase-key sb_(?:secret|publishable)_[\w-]{20,}
neon-key napi_[a-z0-9]{60,}
planetscale-token pscale_\w{2,5}_[\w=.-]{32,}
cockroach-key CCDB1_\w{22}_\w{40}
mongodb-secret mdb_sa_sk_[\w-]{40}
datastax-token AstraCS:[\w%-]{20,}:[0-9a-f]{64}
aiven-token AVNS_[\w+/=-]{15,}
aiven-token aivenv1_[\w-]{30,}
upstash-token upstash_[\w-]{30,}
clickhouse-key 4b1d[A-Za-z0-9]{38}
digitalocean-token do[opr]_v1_[0-9a-f]{64}
scaleway-key SCW[A-Z0-9]{17}
hetzner-token hcloud_[A-Za-z0-9]{60,}
ovh-token ovh_[A-Za-z0-9]{40,}
alibaba-access-key LTAI[A-Za-z0-9]{16,26}
tencent-secret-id AKID[A-Za-z0-9]{32,36}
baidu-key bce-v3/ALTAK-[A-Za-z0-9]{20,}/[0-9a-f]{40}
volcengine-key AKLT[\w-]{40,}
yandex-key AQVN[\w-]{35,38}
yandex-token t1\.[A-Z0-9a-z_-]{20,}={0,2}\.[A-Z0-9a-z_-]{80,}={0,2}
yandex-token y[0-3]_[\w-]{50,}
yandex-key YC[A-Za-z0-9_-]{38}(?![\w-])
ibm-key ApiKey-UUID
tigris-key t(?:id|sec)_[\w+-]{30,}
backblaze-key K00[1-5][A-Za-z0-9/+]{27}
docker-swarm-token SWM(?:TKN|KEY)-1-[\w/+-]{30,}
docker-token dckr_(?:pat|oat)_[\w-]{27,}
jfrog-key AKCp[A-Za-z0-9]{60,}
jfrog-token cmVmdGtuO[A-Za-z0-9]{50,}
npm-token npm_[A-Za-z0-9]{36}
pypi-token pypi-AgE(?:IcHlwaS5vcmc|NdGVzdC5weXBpLm9yZw)[\w-]{40,}
rubygems-key rubygems_[0-9a-f]{48}
crates-token cio[A-Za-z0-9]{32}
nuget-key oy2[a-z0-9]{43}
clojars-token (?i:CLOJARS)_[a-zA-Z0-9]{60}
packagist-token packagist_(?:ac[sk]|or[st]|o?ut|uut|cut|[a-z]{2,4})_?[0-9a-f]{32,}
openvsx-token ovsx(?:at|p|pat)_UUID
cloudsmith-key ckey_[A-Za-z0-9]{32,}
slack-token xox[a-eoprs](?:\.xox[bp])?-[\w-]{20,}
slack-token xapp-\d-[\w-]{20,}
slack-token xwfp-[\w-]{20,}
stripe-webhook-secret whsec_[A-Za-z0-9+/]{20,}={0,2}
braintree-token access_token\$(?:production|sandbox)\$[0-9a-z]{16}\$[0-9a-f]{32}
paypal-token A21AA[\w-]{60,}
razorpay-key rzp_(?:live|test)_[A-Za-z0-9]{14,}
xendit-key xnd_(?:public_)?(?:development|production)_[A-Za-z0-9]{40,}
flutterwave-key FLW(?:SEC|PUB)K(?:_TEST)?-[0-9a-fA-F]{12,32}(?:-X)?
mercadopago-token (?:APP_USR|TEST)-\d{12,18}-\d{6}-[0-9a-f]{32}-\d{6,12}
paddle-key pdl_(?:live|sdbx)_apikey_\w{26}_\w{22}_\w{3}
polar-token polar_[a-z]{2,4}_[A-Za-z0-9]{24,}
asaas-key \$aact_(?:prod|hmlg|YTU5)_?[A-Za-z0-9+/=:-]{20,}
midtrans-key (?:SB-)?Mid-(?:server|client)-[\w-]{16,24}
square-secret sq0(?:csp|atp|idp)-[\w^-]{22,43}
square-token EAAA[\w-]{60}
shippo-token shippo_(?:live|test)_[0-9a-f]{40}
shopify-token shp(?:at|ca|pa|ss|tka)_[0-9a-fA-F]{32}
easypost-key EZ[AT]K[A-Za-z0-9]{54}
duffel-token duffel_(?:test|live)_[\w=-]{36,}
ramp-secret ramp_(?:sec|id)_[A-Za-z0-9]{40,}
mercury-token secret-token:mercury_[\w.+/=-]{20,}
persona-key persona_(?:production|sandbox)_[\w-]{20,}
checkout-key sk_sbox_[\w*$#=-]{20,}
proof-key prf_(?:cli_)?(?:test_)?[A-Za-z0-9]{20,}
onfido-token api_(?:live|sandbox)(?:_(?:us|ca|eu))?\.[\w-]{11,}\.?[\w-]{10,}
twilio-key SK[0-9a-f]{32}
telnyx-key KEY[0-9A-F]{32}_\w{22}
sendgrid-key SG\.[\w-]{16,32}[\w.-]{20,}
brevo-key x(?:keysib|smtpsib)-[0-9a-f]{64}-[A-Za-z0-9]{16}
mailersend-token mlsn\.[0-9a-f]{64}
mailgun-key key-[0-9a-f]{32}
resend-key re_[A-Za-z0-9]{8}_[A-Za-z0-9]{20,}
typeform-token tfp_[\w.-]{40,60}
hubspot-token pat-(?:na|eu|ap)\d-UUID
salesforce-token 00[A-Za-z0-9]{13}![\w.]{60,}
salesforce-key 3MVG9[\w.]{60,}
databricks-token (?:dapi|dose|dkea)[0-9a-f]{32}(?:-\d)?
vault-token hv[sbr]\.[\w-]{24,}
grafana-token eyJrIjoi[A-Za-z0-9+/]{60,}={0,2}
grafana-token gl(?:sa|c)_[A-Za-z0-9_+/]{32,}={0,2}
sentry-token sntry(?:s_[A-Za-z0-9_+/=]{40,}|u_[0-9a-f]{64})
newrelic-key NR(?:AK|II|IQ|JS|RA)-[A-Za-z0-9-]{19,32}
dynatrace-token dt0[a-z]\d\d\.[A-Za-z0-9]{8,24}\.[A-Za-z0-9]{64}
honeycomb-key hc[abx][il]k_\w{50,}
posthog-key ph[acrsx]_[\w-]{40,}
axiom-token xa[ap]t-UUID
sonar-token sq[upa]_[0-9a-f]{40}
snyk-token snyk_[a-z]{2,4}\.[\w.-]{20,}
stackhawk-key hawk\.[\w-]{20}\.[\w-]{20}
semgrep-token semgrep_[\w-]{30,}
dependency-track-key odt_[A-Za-z0-9]{32,}
launchdarkly-key (?:sdk|api|mob)-UUID
statsig-key (?:secret|console)-[A-Za-z0-9]{40,50}
configcat-key configcat-sdk-1/[\w-]{22}/[\w-]{22}
devcycle-key dvc_(?:server|client|mobile)_\w{8,}
unleash-token \*:[\w-]{1,30}\.[0-9a-f]{40,}
linear-key lin_(?:api|oauth)_[A-Za-z0-9]{32,}
notion-token ntn_[A-Za-z0-9]{40,}
notion-token secret_[A-Za-z0-9]{43}
asana-token [12]/\d{14,18}(?:/\d{14,18})?:[0-9a-f]{32}
shortcut-token sct_(?:rwa?|ro|[a-z]{1,3})_\w{20,}
clickup-key pk_\d{6,9}_[A-Z0-9]{32}
trello-token ATTA[0-9a-f]{64}
fal-key UUID:[0-9a-f]{32}
fivem-key cfxk_[A-Za-z0-9]{20,}
friendli-token flp_[A-Za-z0-9]{40,}
firebase-key AAAA[\w-]{7}:APA91b[\w-]{60,}
elastic-key essu_[A-Za-z0-9+/]{40,}={0,2}
figma-token figdr?_[\w-]{40}
contentful-token CFPAT-[\w-]{43}
storyblok-token storyblok_[A-Za-z0-9]{22,}
airtable-token pat\w{14}\.[0-9a-f]{64}
postman-key PMAK-[0-9a-f]{24}-[0-9a-f]{34}
postman-key PMAT-[0-9A-Z]{26}
doppler-token dp\.(?:pt|st|ct|sa|scim|audit)\.(?:[a-z0-9_-]{2,35}\.)?[A-Za-z0-9]{40,44}
pulumi-token pul-[0-9a-f]{40}
prefect-key pn[ub]_[A-Za-z0-9]{36}
infracost-key ico-[A-Za-z0-9]{32}
octopus-key (?<!/)API-[A-Z0-9]{25,32}
private-key LS0tLS1CRUdJTiB(?:SU0Eg|QUklWQ|PUEVOU1|FQyBQ|FTkNSW|EU0Eg|QR1Ag)[A-Za-z0-9+/]{40,}={0,2}
age-key AGE-SECRET-KEY-1[A-Z0-9]{58}
ansible-vault \$ANSIBLE_VAULT;\d\.\d;AES256;?[\w-]{0,20}\s{1,4}[0-9a-f]{20,}
facebook-token EAA[MC][A-Za-z0-9]{40,}
sourcegraph-token sgp_(?:(?:[0-9a-fA-F]{16}|local)_)?[0-9a-fA-F]{40}
sourcegraph-token s(?:lk|gd|gs|gr)_[0-9a-f]{64}
segment-token sgp_[A-Za-z0-9]{64}
onepassword-key A3-[A-Z0-9]{6}-(?:[A-Z0-9]{11}|[A-Z0-9]{6}-[A-Z0-9]{5})(?:-[A-Z0-9]{5}){3}
onepassword-token ops_eyJ[A-Za-z0-9+/]{100,}={0,3}
settlemint-token sm_[aps]at_[A-Za-z0-9]{16}
defined-networking-token dnkey-[\w=-]{26}-[\w=-]{52}
tailscale-key tskey-[a-z]{3,8}-[A-Za-z0-9]{6,}-[A-Za-z0-9]{18,}
ngrok-key (?:ak|cr)_[A-Za-z0-9]{27}
intra42-secret s-s4t2(?:ud|af)-[0-9a-f]{64}
openshift-token sha256~[\w-]{43}
readme-key rdme_[a-z0-9]{70}
scalingo-token tk-us-[\w-]{48}
harness-token [ps]at\.[\w-]{22}\.[A-Za-z0-9]{24}\.[A-Za-z0-9]{20}
frameio-token fio-u-[\w=-]{64}
cloudflare-key v1\.0-[0-9a-f]{24}-[0-9a-f]{146}
cloudflare-token cf(?:ut|at|k)_[A-Za-z0-9_-]{40,}
maxmind-key [A-Za-z0-9]{6}_[A-Za-z0-9]{29}_mmk
adafruit-key aio_[A-Za-z0-9]{28}
adobe-secret p8e-[A-Za-z0-9_-]{32}
aikido-secret AIK_SECRET_\w{60,}
apify-token apify_api_[A-Za-z0-9]{36}
arcjet-key ajkey_[a-z0-9]{26}
beamer-key b_[\w-]{44}
blynk-token blynk_[\w-]{28,}
branch-key key_(?:live|test)_[A-Za-z0-9]{32}
builder-key bpk-[0-9a-f]{32}
coderabbit-key cr-[0-9a-f]{58}
close-key api_[A-Za-z0-9]{20,22}\.[A-Za-z0-9]{20,22}
devin-key apk_(?:user_)?[A-Za-z0-9+/]{60,}={0,2}
devin-key cog_[a-z0-9]{40,}
dropbox-token sl\.(?:u\.)?[\w-]{60,}
dub-key dub_[A-Za-z0-9]{24}
endorlabs-key endr\+[\w-]{16,}
hex-token hxt[pw]_[0-9a-f]{90,}
highlight-key hl_[A-Za-z0-9]{30,}
ionic-token ion_[A-Za-z0-9]{42}
iterative-token isat_[\w-]{30,}
klaviyo-key pk_[0-9a-f]{34}
lichess-token lip_[A-Za-z0-9]{20,}
mergify-key mergify_application_key_[\w-]{40,}
miro-token eyJtaXJvLm9yaWdpbiI6[\w-]{20,}
nylas-key nyk_(?:v0_)?[A-Za-z0-9]{40,}
openrouter-key sk-or-v1-[0-9a-f]{64}
portainer-key ptr_[A-Za-z0-9+/=]{40,}
pubnub-key (?:pub|sec)-c-[\w-]{36,}
pushbullet-token o\.[A-Za-z0-9]{32}
raycast-token rca_[A-Za-z0-9]{30,}
rootly-key rootly_[0-9a-f]{64}
riot-key RGAPI-UUID
robinhood-key rh-api-UUID
salad-key salad_cloud_[a-z]{1,8}_[A-Za-z0-9_]{30,}
samsara-token samsara_api_[A-Za-z0-9]{28,}
scale-key (?:live|test)_(?:auth_)?[0-9a-f]{32}
sendbird-key sendbird_[A-Za-z0-9]{40}
tableau-token [A-Za-z0-9+/]{22}==:[A-Za-z0-9]{20,32}
thunderstore-token tss_[A-Za-z0-9+/]{40,}
tolgee-token tg(?:pat|pak)_[a-z0-9]{40,}
typesense-key ts_[A-Za-z0-9]{30,}
ubidots-token BB[UF][SF]-[A-Za-z0-9]{30,36}
unkey-key unkey_[A-Za-z0-9]{20,}
val-town-token vtwn_[A-Za-z0-9]{20,}
vkontakte-token vk1\.a\.[\w-]{60,}
wakatime-key waka_[\w-]{30,}
woocommerce-key c[ks]_[0-9a-f]{40}
workato-token wrk(?:aus|prod)-[\w-]{30,}
zoho-token 1000\.[0-9a-f]{32}\.[0-9a-f]{32}
zuplo-key zpka_[a-z0-9]{32}_[a-z0-9]{8}
"""
