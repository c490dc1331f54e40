"""Services: who gives out keys, where a key is told by its giver's name and not by a form.

Names as developers write them in code and settings. Those that are words of every day (`line`,
`host`, `reply`) are left out.
"""

from __future__ import annotations

_NAMES = """
abuseipdb abyssale adafruit adobe adyen aerisweather africastalking agentops agora ai21 ai71
airbrake airship airtable airvisual aiven akamai alchemy alegra aleph algolia alibaba amadeus
amazon ambee amplitude anthropic anypoint anyscale apiflash apify apilayer apimatic apollo
appcenter appcues appfollow appoptics apptivo artifactory asana assemblyai atlassian audd auth0
autodesk autopilot avalara aws axiom axonaut aylien ayrshare azure baichuan bamboo bandwidth
bannerbear baremetrics baseten beamer beebole betterstack bigcommerce billomat binance bitbucket
bitcoinaverage bitfinex bitly bitmex bitrise bittrex blackfire blazemeter borgbase box braintree
braintrust branch brave brevo browserless browserstack browshot bugsnag buildkite bulksms bunny
buttercms calendly calorieninja capsulecrm cartesia censys cerebras cexio chargebee chatgpt
checkly checklyhq checkout circleci clarifai clearbit clerk clickhelp clickhouse clicksend clickup
clockify cloudconvert cloudflare cloudimage cloudinary cloudmersive cloudsmith cloverly
cockroachlabs codacy codeclimate codecov codemagic cohere coinbase coinmarketcap commercejs
confluence confluent contentful contentstack convertapi convertkit couchbase courier coveralls
coze craftmypdf crowdin crunchbase cryptocompare currencycloud currencylayer currentsapi
customerio dailymotion dashscope databento databox databricks datadog datastax deepgram deepinfra
deepl deepseek delighted demio deno detectlanguage dialogflow diffbot dify digicert digitalocean
discord disqus docker dockerhub documo docusign doppler dronahq droneci dropbox dub dwolla
dynalist dynatrace dyspatch easypost ebay edamam edenai elastic elasticemail eleven elevenlabs
ernie essendex etherscan etsy eventbrite eventful everhour exa exchangerate exoscale facebook
faceplusplus fastly fibery figma fileio finage finicity finnhub firebase firecrawl fireworks
fixerio flickr flightapi flightlabs flightstats flowflux flutterwave flyio fmfw formbucket
formcraft formio foursquare freshbooks freshdesk fullcontact fullstory fusebill fxmarket
geckoboard gemini gengo geoapify geocode geocodify geocodio geoipifi getemail getgist getsandbox
getstream giphy github gitlab gitter gocardless godaddy google grafana graphcms graphhopper
greenhouse groovehq groq gumroad gyazo happi harness hashicorp hasura helicone helpcrunch
helpscout heroku hetzner holidayapi honeycomb hubspot huggingface humanloop hume hunter hunyuan
hyperbolic hypertrack ibm iconfinder iexapis iexcloud imagekit imagga imgur influxdb infobip
infura inngest insightly instagram integromat intercom intrinio invoiceocean ipapi ipgeolocation
ipinfo ipquality ipstack iterable jenkins jfrog jina jira jotform jumpcloud kaggle kakao keenio
keygen kickbox klaviyo klipfolio kluster kontent kraken kucoin lakera lamini langchain langfuse
languagelayer lastfm launchdarkly leadfeeder leadiq lemlist lendflow lepton lessannoyingcrm
lichess lighton linear linkedin linkup linode liveagent livekit lob logdna loggly loginradius
lokalise loyverse luno lusha mailboxlayer mailchimp mailerlite mailersend mailgun mailjet mailmodo
mailsac mandrill mapbox mapquest mattermost mavenlink maxmind mediastack meistertask meraki mesibo
messagebird metaapi metabase midtrans milvus mindmeister minimax miro mistral mixmax mixpanel
mockaroo mollie monday mongodb moonshot moosend mrticktock mux myfreshworks myintervals nasa naver
nebius neon nethunt netlify newrelic newsapi nexmo ngrok nicereply nightfall noticeable notion
novita nozbe npm nuget numverify nutritionix nvidia nylas nytimes oanda ocrspace octoai octopus
okta ollama omnisend onedesk onelogin onepagecrm onesignal onwater oopspam openai opencage
opencagedata opengraphr openrouter openuv openweather openweathermap opsgenie optimizely owlbot
packagist paddle pagerduty pandadoc pandascore paperform parseur partnerstack passbase pastebin
patronus paypal paystack pdflayer pdfshift pdl pendo peopledatalabs perplexity pexels
phantombuster pinata pinecone pingdom pinterest pipedrive pivotal pixabay plaid planetscale plivo
podio pollsapi polygon portkey positionstack postgrid posthog postman postmark prefect prodpad
prospectcrm proxycrawl proxycurl pubnub pulumi purestake pushbullet pusher pushover qase qdrant
qianfan quaderno qualtrics qubole quickbooks qwen railway rapidapi rawg razorpay readme realtor
rebrandly recaptcha recurly reddit refiner reka render repairshopr replicate resend restpack
ringcentral ritekit roaring rocketchat rocketreach rollbar route4me rownd runpod runrun salesflare
salesforce salesloft salesmate sambanova samsara satismeter sauce saucelabs scaleway scalr
scrapeowl scraperapi scraperbox scrapestack scrapingbee screenshotapi securitytrails segment
selectpdf sendbird sendgrid sendinblue sentry serpapi serper serphouse sheety shipday shippo
shodan shopify shortcut shotstack shutterstock signalwire sigopt siliconflow simplesat simplybook
simvoly sinch sirv skrapp skybiometry slack smartsheet smooch snipcart snovio snowflake snyk
solcast sonar sonarcloud sonarqube sourcegraph sparkpost speechtextai splunk splunkobservability
spoonacular sportsmonk spotify spotinst square squarespace sslmate stability statuscake statuspage
stepfun stitchdata stockdata stormboard stormglass storyblok strapi strava stripe stytch sumologic
supabase supernotes surveybot surveymonkey surveysparrow survicate swiftype tableau tailscale
tallyfy tatum tavily taxjar teamgate teamworkcrm telegram telesign teletype telnyx tencent termii
terraform testingbot textmagic theoddsapi thinkific ticketmaster tickettailor tigris tiingo tiktok
timecamp timescale timezoneapi tineswebhook tmetric todoist togetherai tomtom traceloop tradier
travelpayouts travis travisci trello turso twelvedata twilio twitch twitter typeform typetalk
ubidots unplugg unsplash upcloud uplead uploadcare upstage upstash uptimerobot upwave urlscan
userflow userstack vatlayer vercel verimail veriphone versioneye viber viewneo vimeo virustotal
voicegain volcengine vonage voodoosms vouchery voyage vultr vyte wakatime walkscore weatherapi
weatherbit weatherstack weaviate webex webflow webscraper webscraping wepay whoxy wistia
woocommerce workos workstack worldcoinindex worldweather wrike xai xata xero yahoo yandex yelp
youneedabudget yousign youtube zapier zendesk zenkit zenrows zenserp zeplin zerobounce zerotier
zhipu zipapi zipbooks zipcodeapi zoho zonkafeedback zoom zoominfo zulip
"""
SERVICES = frozenset(_NAMES.split())
"""Their names in lower case, without separators."""
