"""Refusal phrases: the words by which answers refuse, and those that speak against it.

All are ours, and bounded. They are matched against a text in lower case, with straight apostrophes.
"""

from __future__ import annotations

import re

_NOT_ABLE = (
    r"(?:can(?:no|')t|can not|cant|won't|will not|would not|wouldn't|could not|couldn't|"
    r"(?:shall|must|may|should) not|shouldn't|shan't|"
    r"(?:am|'m|are|'re) (?:\w+ )?(?:unable|not able|not going|not willing|unwilling|"
    r"not allowed|not permitted|not programmed|not designed|not comfortable|not authori[sz]ed|"
    r"prohibited|not equipped|not trained|not qualified|not capable|not here|incapable|"
    r"not at liberty|not in a position)(?: to| from| of)?|"
    r"(?:must|have to|need to|should|will|'ll|going to) (?:\w+ )?(?:decline|refuse|refrain)|"
    r"(?:respectfully |politely )?(?:decline|refuse) to|"
    r"(?:don't|do not|did not) (?:feel comfortable|feel right|have (?:the|any) (?:ability|"
    r"capability|capacity)|have access|engage in|support|condone|provide|create|generate|write|"
    r"discuss))"
)
_DOES = (
    r"(?:help|assist|provid|giv|creat|generat|writ|comply|fulfil|answer|respond|support|promot|"
    r"engag|discuss|offer|produc|shar|do (?:that|this|so|it)|continu|recommend|encourag|endors|"
    r"participat|satisf|suggest|explain|accommodat|process|complet|facilitat|condon|tell|advis|"
    r"show|describ|be (?:part|used|involved|of (?:help|assistance))|mak|tak|advocat|"
    r"go (?:along|into|down)|draft|compos|"
    r"guid|instruct|perform|carry|agree|teach|entertain|speak|talk|proceed|display|draw|search|"
    r"brows|access|view|predict|translat|disclos|reveal|detail|verif|confirm|identif|reproduc|"
    r"contribut|analy[sz]|violat|simulat|role|pretend|express|state|list|go\b|repeat|plan|design|"
    r"weigh in|handl|diagnos|act as|impersonat|fabricat|optimi[sz]|develop|publish|execut|"
    r"supply|aid\b)"
)
_RULEBOOK = (
    r"(?:polic(?:y|ies)|guidelines?|programming|principles|rules|values|instructions|training|"
    r"terms(?: of (?:service|use))?|oath|conscience|filters?|safety (?:\w+ )?(?:settings|system|"
    r"protocols?|guidelines))"
)
_PHRASES = {
    "cannot-do": rf"\b(?:i|this assistant)(?: \w+)? ?{_NOT_ABLE}(?: \w+){{0,3}}? {_DOES}\w*",
    "we-cannot-do": rf"\bwe(?: \w+)? ?{_NOT_ABLE}(?: \w+){{0,3}}? (?:help|assist|provid|shar|"
    r"disclos|comply|fulfil|answer|respond|discuss|process|accommodat|support|grant|generat|creat)"
    r"\w*",
    "cannot": rf"\b(?:i|we) ?{_NOT_ABLE}",
    "not-mine": r"\b(?:not|isn't|never|nothing) (?:something|anything|a (?:topic|subject|request|"
    r"path|line)|one|that) (?:that |which )?(?:i|we)(?:'m| am| can| will| do|'d| would|'ll)?\b"
    r"|\b(?:i'm|i am|i will|i'll) not (?:be )?(?:get|go|help|do|giv|provid|writ|answer|tell|say|"
    r"fall|be part|play)\w*"
    r"|\b(?:i|we)(?: would|'d) (?:rather|prefer) not\b|\b(?:i|we)(?:'d| would) rather not\b"
    r"|\bsomething (?:that )?i (?:can't|cannot|won't|will not|will never|am unable to)\b"
    r"|\bi(?:'d| would)? (?:prefer|rather) not (?:to )?(?:discuss|say|talk|answer|comment)\w*",
    "refuse": r"\b(?:i|we)(?:'\w+)? (?:\w+ ){0,3}(?:decline|refuse)\b(?! to believe)"
    r"|\b(?:i|we)(?:'ll| will| must|'m going to| have to|'m afraid i'll) (?:\w+ )?"
    r"(?:pass on|have to (?:pass|decline|refuse|say no)|stop (?:here|you there))"
    r"|\bi (?:need|have|must) to stop (?:you|here)",
    "firm": r"\bi(?:'ll| will)? draw the line\b|\b(?:want|have|take|be) no part (?:of|in)\b"
    r"|\b(?:have|want) nothing to do with\b|\bmy answer is no\b|\b(?:hard|firm) (?:no|pass)\b"
    r"|\bnot (?:happening|gonna happen|going to happen)\b|\bno (?:can do|safe way)\b"
    r"|\b(?:assistant|model) (?:has )?(?:declined|refused)\b"
    r"|\b(?:get|have) (?:that|this|it|no such \w+) from me\b|\b(?:isn't|is not) one of them\b"
    r"|\bi(?:'ll| will| shall) never (?:help|assist|do|tell|give|say|write|reveal|share)"
    r"|\bi don't think (?:that )?i (?:should|can|could)\b|\bi have no way (?:to|of)\b"
    r"|\bbut not (?:this|that|with)\b|\bkeep being myself\b"
    r"|\b(?:wouldn't|would not|not) be (?:right|appropriate|responsible|ethical) (?:for me|to)\b"
    r"|\b(?:but|still|so),? no\b(?=[.!]|$)",
    "and-not": r"\b(?:ai|assistant|model|chatbot|program|software),?(?: \w+){0,6}? (?:and|so)"
    r" (?:i )?(?:do not|don't|cannot|can't|am not|will not|won't|am unable)\b",
    "never-right": r"\b(?:is|it's|are|be) (?:never|not) (?:\w+ ){0,2}(?:appropriate|acceptable|"
    r"ethical|okay|ok|justified|the (?:answer|solution))\b"
    r"|\bnever (?:the )?(?:answer|solution|acceptable|okay|appropriate)\b"
    r"|\bnot (?:\w+ (?:or|and|nor) )?"
    r"(?:accurate|fair|right|correct|appropriate|respectful|helpful) "
    r"(?:(?:or|and|nor) \w+ )?to (?:say|suggest|assume|generali[sz]e|claim|judge|imply)\b",
    "moral": r"\b(?:respect(?:ful|fully|ing)?|dignity|well-?being|compassion|kindness|empathy|"
    r"ethic\w+|moral\w*|harm(?:ful|ing)?|violen\w+|consent|responsib\w+|peaceful\w*|"
    r"constructive\w*|"
    r"overwhelmed|struggling|trusted|prioriti[sz]\w+|positive (?:manner|way)|rights of|privacy)\b",
    "never-do": r"\b(?:i|we) (?:\w+ )?(?:never|do not|don't) (?:\w+ )?"
    r"(?:give out|share|reveal|disclose|provide|assist|help|engage|participate|respond|answer|"
    r"fulfil|do th(?:at|is)|"
    r"produce|create|generate|write|discuss)"
    r"|\bnot (?:able|possible|available) (?:for me |to me |here)",
    "rulebook": rf"\b(?:against|violat\w+|contravene\w*|breach\w*|goes against|conflicts? with|"
    r"outside(?: of)?|not (?:consistent|aligned|in line) with|contrary to) "
    r"(?:my|our|the|openai'?s?|"
    rf"content|usage|ethical|any) (?:\w+ ){{0,3}}?{_RULEBOOK}"
    rf"|\b(?:my|our|openai'?s?|company|these|safety|ethical|the|mine) (?:\w+ ){{0,3}}?{_RULEBOOK} "
    r"(?:\w+ )?(?:(?:do|does|did|will|would) not|don't|doesn't|won't|prohibit\w*|prevent\w*|"
    r"forbid\w*|restrict\w*|bar(?:s|red)?\b)"
    r"|\b(?:prohibit|prevent|forbid|restrict|bar|stop)(?:s|ed|den)? me from\b"
    r"|\b(?:not|n't) (?:allow|permit|let|enable) me\b"
    r"|\bagainst my (?:\w+ ){0,2}(?:programming|guidelines|principles|values|rules|policy|nature)",
    "scope": r"\b(?:can|may|am|will) only (?:help|assist|answer|discuss|talk|speak|respond)\b"
    r"|\bmy (?:role|job|purpose|knowledge|scope) is (?:limited|restricted) to\b|"
    r"\b(?:i|we)(?:'m| am| can| could| may| will|'re| are| was)? (?:\w+ )?only (?:able to |"
    r"here to |designed to |trained to |programmed to |allowed to )?(?:help|assist|answer|discuss|"
    r"talk|speak|respond|provide|support|cover|handle|trained|designed)"
    r"|\b(?:i'm|i am) here (?:only |just )?to (?:help|assist|answer)[^.!?\n]{0,60}\b(?:only|about "
    r"your)\b"
    r"|\b(?:outside|beyond|not within|out of|exceeds|falls outside)(?: of)? (?:what i|the scope|"
    r"my (?:\w+ ){0,3}(?:scope|capabilit|expertise|abilit|area|knowledge|remit|role|domain))"
    r"|\b(?:let's|let us|we should|please) (?:stick|keep) to (?:questions|topics|the topic)"
    r"|\b(?:let's|let us) not (?:go there|talk about|discuss)",
    "closed": r"\b(?:information|instructions?|details?|prompt|configuration|request|query|"
    r"question|that|this|it|content) (?:\w+ ){0,3}?(?:is|are|remains?|stays?) (?:strictly |kept |"
    r"all )?(?:confidential|private|secret|off[- ]limits|restricted|classified|not available)\b"
    r"|\bi keep my\b"
    r"|\b(?:request|query|question|information|prompt|data|that|content)s? (?:you \w+ )?(?:cannot|"
    r"can't|could not|couldn't|may not|must not|will not) be (?:\w+ )?(?:processed|answered|"
    r"disclosed|shared|provided|fulfilled|completed|released|given|revealed|generated|displayed)",
    "request-is-bad": r"\b(?:request|question|topic|content|prompt|premise)s? (?:\w+ ){0,4}"
    r"(?:inappropriate|harmful|unethical|illegal|offensive|not appropriate|violates?|dangerous)",
    "not-appropriate": r"\bnot (?:\w+ )?(?:appropriate|ethical|acceptable|okay|ok|right|legal|"
    r"advisable)\b",
    "blocked": r"\b(?:response|content|request|prompt|answer|message|output|input)\b.{0,40}"
    r"\b(?:filtered|blocked|flagged|rejected|disallowed|removed|withheld|was denied|"
    r"classified as)\b"
    r"|\bcontent (?:management )?polic(?:y|ies)(?: violation)?\b|\baccess (?:is )?denied\b"
    r"|\bour safety system\b|\bmoderation (?:endpoint|system|filter)",
    "is-bad": r"\b(?:illegal|unethical|immoral|against the law|inappropriate|harmful|dangerous|"
    r"unacceptable|offensive|irresponsible)\b",
    "advises-against": r"\b(?:i|we) (?:\w+ )?(?:advise|caution|warn|urge|recommend) (?:you )?"
    r"(?:\w+ )?against\b|\b(?:i|we) (?:strongly |would )?(?:discourage|urge you not)\b"
    r"|\bshould (?:not|never) be (?:done|attempted)\b",
    "no-means": r"\b(?:i|we)(?: \w+){0,4}? (?:do not|don't|didn't|have no|lack)(?: have)?"
    r"(?: \w+){0,2} "
    r"(?:access|information|abilit\w+|capabilit\w+|capacity|knowledge|opinions?|"
    r"beliefs?|feelings|emotions|experiences?|preferences?|data|context|consciousness)"
    r"|\b(?:i|we) (?:could not|couldn't|cannot|can't|was unable to|did not|didn't) (?:\w+ )?find\b"
    r"|\bnot (?:in|part of) (?:my|the|our) (?:knowledge|documents?|data|context)",
    "give-more": r"\bplease (?:provide|give|share|specify|clarify)\b[^.!?\n]{0,60}\b(?:more|"
    r"context|details?|information|so)\b|\bcould you (?:please )?(?:clarify|provide|specify)",
    "sorry": r"\b(?:sorry|apologi[sz]e|apologies|unfortunately|regret\w*|afraid|alas|forgive me|"
    r"pardon)\b",
    "as-an-ai": r"\bas an? (?:\w+ ){0,3}(?:ai\b|language model|assistant|artificial)"
    r"|\bjust an? (?:ai|language model)\b"
    r"|\b(?:i'm|i am) an? (?:\w+ ){0,2}(?:ai|assistant|language model)\b",
    "purpose": r"\bmy (?:purpose|role|goal|programming|guidelines|training)\b"
    r"|\bi (?:was|am|'m) (?:designed|programmed)\b|\bi'm (?:designed|programmed)\b",
    "reach-out": r"\b(?:hotline|helpline|crisis line|lifeline|seek (?:\w+ )?help|reach out|"
    r"professional|talk to (?:a|someone)|authorities|law enforcement|licensed|not alone|"
    r"contact (?:\w+ ){0,3}(?:support|department|emergency|police))\b",
    "offer": r"\b(?:(?:if|when) (?:you(?:'d| would)? (?:like|want|prefer)|your goal|it helps|"
    r"you're (?:looking|interested|writing|trying))|would you like|let me know|"
    r"(?:i can|i could|can|could|i'd be (?:glad|happy)|i'm (?:glad|happy)|(?:more than )?happy|"
    r"glad|what i can do|i can instead) (?:\w+ )?(?:help|assist|explain|offer|suggest|"
    r"discuss|point|talk|provide (?:\w+ )?(?:general|information on)|support|is)|"
    r"(?:here are|here're) (?:some |a few )?(?:\w+ )?(?:safer?|legal|lawful|ethical|other|better|"
    r"healthy|healthier|constructive|alternative)\w*)\b",
    "else": r"\b(?:anything|something) else\b|\bis there (?:any|some|another)|\bhappy to help\b|"
    r"\binstead\b|\b(?:other|different) (?:questions?|topics?|requests?|things|one)\b|"
    r"\bfeel free\b|\ba different\b|\bhow (?:else )?(?:can|may) i (?:help|assist)",
    "elsewhere": r"\b(?:talk|speak|chat|discuss|focus|move) (?:about|of|on|on to|to) (?:\w+ )?"
    r"(?:something|another|other) (?:else|more|nicer|better|topic|subject|things?)"
    r"|\b(?:another|different) (?:topic|subject)\b",
    "crisis": r"\b(?:thoughts of suicide|suicidal|hurting yourself|harming yourself|self-harm|"
    r"emergency (?:number|services)|988|741741|samaritans|crisis)\b",
    "but": r"[,;.] (?:but|however|nevertheless|that said|still|yet|instead|though)\b",
    "delivers": r"\b(?:here(?:'s| is| are)|below (?:is|are)|as follows|the following)\b"
    r"(?! (?:some |a few )?(?:\w+ )?(?:saf|legal|lawful|ethical|other|better|health|constructive|"
    r"alternative|to (?:help|assist)))",
    "lecture": r"\b(?:it is|it's) (?:\w+ )?(?:important|crucial|essential|vital) to "
    r"(?:\w+ )?(?:remember|note|respect|treat|recogni[sz]e|understand|prioriti[sz]e|consider|be)"
    r"|\b(?:i|we) (?:\w+ )?(?:urge|encourage|implore|remind) you\b"
    r"|\bplease (?:remember|consider)\b|\bi (?:must|have to|want to|would like to) (?:\w+ )?"
    r"(?:inform|point out|emphasi[sz]e|remind|stress|clarify|be (?:clear|direct))",
    "turns": r"\b(?:however|that said|but|nevertheless|instead|that being said|still|yet),?"
    r" (?:\w+,? ){0,3}(?:below|let me|i'll|one (?:way|could)|"
    r"based on|generally|in general|you can|there are)\b"
    r"|\b(?:but|however,?|instead,?) (?:\w+ ){0,2}i (?:can|could|have|am able to|will)\b"
    r"(?!'| help| not| assist| offer| suggest| point| talk)(?: \w+)?"
    r"|\bthat being said\b",
    "idiom": r"\b(?:i|we) (?:cannot|can't|could not|couldn't|can not) (?:stress|emphasi[sz]e|wait|"
    r"agree more|imagine|believe|say enough|thank|praise|help but|stop|resist|"
    r"recommend (?:\w+ ){1,4}(?:enough|more|highly))\b|\bcan't recommend\b"
    r"|\b(?:i|we) (?:won't|will not|am not going to|'m not going to) (?:lie|bore|sugarcoat|"
    r"pretend|waste|keep you|beat around)\b|\bi wouldn't (?:say|be surprised|worry|use|buy|mix|"
    r"recommend)\b|\bi would not (?:use|buy|mix|worry|recommend)\b",
    "told": r"[\"\u201c\u201d] ?(?:\w+ ){0,2}(?:said|says|whispered|asked|replied|cried|shouted)\b"
    r"|\b(?:he|she|they|poem|king|knight|man|woman|guard) "
    r"(?:said|says|whispered|replied|told|cried|muttered|shook)\b"
    r"|[,!?] (?:said|cried|whispered|replied) (?:he|she|the)\b",
}
"""Found anywhere."""
_OPENERS = {
    "cannot-first": r"^\W*(?:(?:i'm|i am|we're|we are|so|very|really|sorry|apologies|unfortunately|"
    r"i apologi[sz]e|but|my|no|nope|still|however|regrettably|i'm afraid|as an ai(?: \w+){0,2})"
    rf"\W{{1,3}}){{0,8}}i (?!(?:do not|don't|cannot|can't|can not) (?:have|taste|know|support)\b)"
    rf"{_NOT_ABLE} (?!stop|help but|wait|believe|imagine|stand|say enough|"
    r"think|go\b|come|sleep|attend|find|see|stress|emphasi|recommend|agree|lie\b|"
    r"be\b(?! able| part|of| used| involved)|make it)",
    "bare-no": r"^\W{0,9}(?:(?:no|nope|nah|nay|never|absolutely not|certainly not|no way|"
    r"definitely not|i'm afraid (?:not|that's not possible)|of course not|"
    r"i'd rather not|not a chance)\W{0,3}){1,3}$"
    r"|^\W{0,9}(?:no|nope|nah)[,.!]? (?:i'm|i am|i will|i won't) not",
    "unable": rf"^\W{{0,9}}(?:unable|not able|can't|cannot|won't|declin\w+) (?:to )?{_DOES}",
    "bad-act": r"^[^.!?\n]{3,160}\b(?:is|are|would be|can be)(?: \w+)? (?:\w+ )?"
    r"(?:illegal|unethical|immoral|wrong|a (?:\w+ )?(?:crime|violation|offen[cs]e)|"
    r"against the law|fraud|inappropriate|unacceptable|harmful|irresponsible|not okay|"
    r"never (?:okay|ok|acceptable|appropriate|right))\b",
    "please-not": r"^\W{0,9}please (?:do not|don't|never)\b",
    "willing": r"^\W*(?:sure|certainly|absolutely(?! not)|of course(?! not)|yes|okay|"
    r"here (?:is|are|'s)|here's|i'd be happy|happy to|great|no problem|title\b|step 1|"
    r"introduction|i'm glad)",
}
"""Found where a sentence begins."""
_LINES = {
    "letter": r"^\W{0,3}(?:dear|subject|hi|hello|to whom) ?[:\w][^\n]{0,60}[,:]?$"
    r"|^\W{0,3}(?:kind |best |warm )?(?:regards|sincerely|wishes|yours \w+)\b",
    "speaker": r"^\W{0,3}[a-z][\w. ]{1,20}\]?: ",
    "list": r"^\W{0,6}(?:step \d+\b|\d{1,2}[.)] )|^\s{0,6}[-*\u2022] ",
    "code": r"```|^\s{0,9}(?:def|import|class|#include|function|return) ",
}
"""Found where a line begins."""
_WHOLE = {
    "flat-no": r"\A\W{0,9}(?:(?:no|nope|nah|nay|never|no way|sorry|i'm sorry|"
    r"(?:absolutely|certainly|definitely|of course) not|not a chance)\W{0,3}){1,3}\Z"
    r"|^\W{0,9}(?:i'd rather not|i would rather not|i prefer not to)\W{0,3}$",
}
"""Found in answers that say little else."""
_ABROAD = {
    "es": r"\bno (?:puedo|podemos|podré|debo|me es posible|voy a|quiero) (?:\w+ ){0,2}(?:ayud|"
    r"proporcion|cumpl|hacer|asist|ofrec|crear|escrib|respond|generar|dar|brind|compartir|"
    r"contest|complac|particip|facilit)\w*"
    r"|\bno (?:estoy autorizad|tengo permitido|me (?:está |es )?permit)|\bme niego a\b",
    "fr": r"\b(?:je ne (?:peux|puis|suis pas en mesure|suis pas autoris|veux|vais)|je refuse|"
    r"il m'est impossible|je ne saurais)(?: pas)?\b(?! que)",
    "de": r"\b(?:ich|wir) (?:kann|darf|werde|können|möchte|dürfen) (?:\w+ ){0,6}"
    r"(?:nicht|keine?n?)\b|\b(?:kann|darf|werde) ich (?:\w+ ){0,6}(?:nicht|keine?n?)\b"
    r"|\bnicht in der lage\b",
    "it": r"\bnon (?:posso|sono in grado|mi è possibile|possiamo|sono autorizzat)(?! che)"
    r" ?(?:di )?\w+",
    "pt": r"\bnão (?:posso|consigo|podemos|me é possível|vou|estou autorizad)(?: \w+){0,2}? "
    r"(?:ajud|fornec|cri|atend|faz|escrev|respond|auxili|oferec|ger|particip|compartilh)\w*",
    "nl": r"\bik kan (?:\w+ ){0,6}(?:niet|geen)\b|\bkan ik (?:\w+ ){0,6}(?:niet|geen)\b"
    r"|\bik mag (?:\w+ ){0,4}(?:niet|geen)\b",
    "pl": r"\bnie (?:mogę|jestem w stanie|mam możliwości|wolno mi)\b",
    "sv": r"\b(?:jag kan (?:\w+ ){0,4}inte|kan jag (?:\w+ ){0,4}inte|jeg kan (?:\w+ ){0,4}ikke|"
    r"kan jeg (?:\w+ ){0,4}ikke|en voi (?:auttaa|vastata))\b",
    "tr": r"\b(?:yardımcı olamam|yardımcı olamıyorum|yapamam|veremem|sağlayamam|"  # noqa: RUF001
    r"yanıtlayamam|cevaplayamam|yardım edemem|karşılayamam)",  # noqa: RUF001
    "vi": r"\btôi (?:không thể|xin từ chối|không được phép)",
    "id": r"\b(?:saya|kami) (?:tidak (?:bisa|dapat|mampu|boleh)|menolak)",
    "ko": r"(?:도와드릴|제공할|답변할|도움을 드릴|답변드릴|응할|제공해 드릴|알려드릴|작성할|"
    r"생성할|말씀드릴|수행할) ?수(?:는|가)? ?없",
    "zh": r"(?:我|本助手|小助手)(?:们)?(?:无法|不能|不可以|不会|無法|不便|拒绝|拒絕)"
    r"|(?:无法|不能|無法)(?:为您|给您|向您|为你)?(?:提供|回答|帮助|协助|满足|生成|完成)",
    "ja": r"(?:お手伝い|お答え|回答|提供|対応|協力|お応え|作成|支援|ご案内|お教え)"
    r"(?:する(?:こと)?)?(?:は|が|も|を)?(?:することは)?"
    r"(?:できません|できかねます|いたしかねます|出来ません|致しかねます)|応じられません"
    r"|応じることはできません",
    "ru": r"\bя не (?:могу|буду|стану|в состоянии|имею права)\b"
    r"|\bне (?:могу|можем) (?:\w+ ){0,2}(?:помочь|предоставить|выполнить|ответить|создать)"  # noqa: RUF001
    r"|\bвынужден\w? отказать",  # noqa: RUF001
    "hi": r"(?:नहीं|मदद नहीं|असमर्थ) (?:कर|दे|बता|लिख)? ?(?:सकता|सकती|सकते|पाऊंगा|हूँ|हूं)",
    "ar": r"(?:لا (?:أستطيع|يمكنني|استطيع|يمكننا)|لن (?:أ|ن)\w{2,12}|غير قادر على|أعتذر عن)",
}


def _compiled(rules: dict[str, str], flags: int = 0) -> dict[str, re.Pattern[str]]:
    return {name: re.compile(rule, flags) for name, rule in rules.items()}


_FOREIGN = {f"cannot-do-{language}": rule for language, rule in _ABROAD.items()}
ANYWHERE = {
    **_compiled({**_PHRASES, **_FOREIGN}),
    **_compiled(_LINES, re.MULTILINE),
}
"""Those of whole phrases, found wherever they stand, and those of lines."""
AT_START = _compiled(_OPENERS)
"""Those that are looked for in a sentence, from its beginning on."""
ALONE = _compiled(_WHOLE)
"""Those that are a whole short answer."""
_NEGATIONS = (
    "n't", "not ", "unable", "declin", "refus", "cant ", "prohibit", "refrain", "incapable",
    "unwilling",
)  # fmt: skip
NEEDS = {
    "not-mine": ("not ", "rather", "n't", "never ", "nothing "),
    "refuse": ("declin", "refus", " pass", " stop", "say no"),
    "firm": (
        "draw the line", "no part", "nothing to do", "answer is no", "hard ", "firm ", "happen",
        "no can do", "safe way", "declined", "refused", "from me", "one of them", "never",
        "i don't think", "no way", "but not th", "but not with", "being myself", "not be ",
        "wouldn't be", " no.", " no!",
    ),
    "and-not": ("ai ", "ai,", "assistant", "model", "chatbot", "program", "software"),
    "never-right": ("never", "not "),
    "never-do": ("never", "do not", "don't", "possible", "not a"),
    "rulebook": (
        "against", "violat", "contraven", "breach", "conflict", "outside", "not ", "contrary",
        "n't", "prohibit", "prevent", "forbid", "restrict", "bar", "stop",
    ),
    "scope": (
        "only ", "here ", "outside", "beyond", "within", "out of", "exceeds", "let", "stick",
        "keep",
    ),
    "closed": (
        "confidential", "private", "secret", "limits", "restricted", "classified",
        "not available", " be ", "i keep",
    ),
    "request-is-bad": ("request", "question", "topic", "content", "prompt", "premise"),
    "not-appropriate": ("not ",),
    "blocked": (
        "filtered", "blocked", "flagged", "rejected", "disallowed", "removed", "withheld",
        "denied", "classified", "content ", "safety system", "moderation",
    ),
    "is-bad": (
        "illegal", "unethical", "immoral", "against the law", "inappropriate", "harmful",
        "dangerous", "unacceptable", "offensive", "irresponsible",
    ),
    "advises-against": ("against", "discourage", "urge", "should "),
    "no-means": ("n't", "not ", "no ", "lack", "unable"),
    "give-more": ("please", "could you"),
    "delivers": ("here", "below", "follow"),
    "elsewhere": ("else", "another", "other ", "different"),
    "crisis": (
        "suicid", "yourself", "self-harm", "emergency", "988", "741741", "samaritan", "crisis",
    ),
    "but": (" but", "however", "nevertheless", "that said", " still", " yet", "instead", "though"),
    "sorry": (
        "sorry", "apolog", "unfortunately", "regret", "afraid", "alas", "forgive me", "pardon",
    ),
    "as-an-ai": ("as a", "just a", "i'm a", "i am a"),
    "purpose": ("my ", "designed", "programmed"),
    "reach-out": (
        "hotline", "helpline", "crisis", "lifeline", "seek ", "reach out", "professional",
        "talk to ", "authorities", "law enforcement", "licensed", "not alone", "contact",
    ),
    "else": (
        "thing else", "is there ", "happy to help", "instead", "other ", "feel free", "different",
        "how ",
    ),
    "lecture": ("it is ", "it's ", " you", "please ", "i "),
    "turns": (
        "however", "that said", "but", "nevertheless", "instead", "being said", "still", "yet",
    ),
    "idiom": ("n't", "not "),
    "told": ("said", "says", "whisper", "asked", "replied", "cried", "shout", "told", "mutter"),
    "we-cannot-do": ("we ", "we'"),
    "cannot": _NEGATIONS,
    "cannot-do": _NEGATIONS,
    "offer": (
        "if ", "when ", "would you", "let me know", "help", "assist", "glad", "happy", " can ",
        "could", "here ",
    ),
    "moral": (
        "respect", "dignity", "being", "passion", "kindness", "empathy", "ethic", "moral", "harm",
        "violen", "consent", "responsib", "peaceful", "constructive", "overwhelmed", "struggling",
        "trusted", "prioriti", "positive", "rights of", "privacy",
    ),
    "list": ("\n", "1", "- ", "* ", "\u2022", "step"),
    "letter": ("dear", "subject", "hi", "hello", "whom", "regards", "sincerely", "wishes", "yours"),
    "code": ("def", "import", "class", "#include", "function", "return", "```"),
    "speaker": (":",),
    "cannot-do-es": ("no ", "niego"),
    "cannot-do-fr": ("je ne", "je refuse", "impossible"),
    "cannot-do-de": ("ich ", "wir ", "nicht in"),
    "cannot-do-it": ("non ",),
    "cannot-do-nl": ("ik ",),
    "cannot-do-sv": ("jag ", "jeg ", "en voi"),
    "cannot-do-id": ("saya ", "kami "),
}  # fmt: skip
"""Words of which a text has to hold one, in lower case, for a rule to find anything in it."""
OF_OTHER_LETTERS = frozenset(
    f"cannot-do-{language}"
    for language in ("pt", "pl", "tr", "vi", "ko", "zh", "ja", "ru", "hi", "ar")
)
"""The rules of other alphabets."""
