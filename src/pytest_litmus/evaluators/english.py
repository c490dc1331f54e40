"""English: which words carry little, which mean the same, and which are opposites.

The lists are ours, short and general; a word that is in none of them means itself alone.
"""

from __future__ import annotations

_FUNCTION = """
a an the this that these those some any each every either neither both all such same other
another of in on at to for from by with without within into onto upon as about above across
after against along among around before behind below beneath beside between beyond despite
down during except inside like near off out outside over per since through throughout till
toward towards under until up via and or but nor so yet if then than because while whereas
although though unless whether i me my mine myself you your yours yourself he him his himself
she her hers herself it its itself we us our ours ourselves they them their theirs themselves
who whom whose which what when where why how there here be am is are was were been being do
does did doing done have has had having will would shall should can could may might must
also just very too really quite rather even still already ever again much many more most
less least few little lot lots well one ones s t re ve ll d m now today thing things way get
got gets getting go goes going went gone make makes made let say says said tell told know
knows knew known think thinks thought see seen saw take takes took taken taking come comes came
coming give gives gave given giving put puts keep keeps kept use uses used using need needs needed
want wants wanted back long able else fewer greater higher exceed exceeds exceeded exceeding
approximately roughly nearly almost maximum minimum upwards
"""
FUNCTION_WORDS = frozenset(_FUNCTION.split())
"""Words that a claim may have and its source lack without saying anything new."""

_NEGATION = """
not no never none nobody nothing nowhere neither nor cannot without hardly barely scarcely
lack lacks lacked lacking fail fails failed unable refuse refuses refused deny denies denied
isnt arent wasnt werent dont doesnt didnt cant couldnt wont wouldnt shouldnt hasnt havent hadnt
aint mustnt nt
"""
NEGATIONS = frozenset(_NEGATION.split())
"""Words that turn a sentence around; contractions without their apostrophe."""

_STRICT = """
only all every always never none exclusively solely entirely completely most least first last
sole each both fully single
"""
STRICT = frozenset(_STRICT.split())
"""Words that make a claim stronger than a source that lacks them."""

_I = "i me my mine myself we us our ours im ive id"
FIRST_PERSON = frozenset(_I.split())
"""Words by which a speaker tells of himself."""

SAME = """
movie film
song track single tune
author writer novelist
singer vocalist
tv television
usa us u.s. u.s america
uk britain
begin start commence launch
end finish conclude
big large huge
small little tiny
famous popular well-known renowned celebrated
locate situate lie
city town
buy purchase acquire
sell sale
help assist aid
job occupation profession
child kid
mother mom mum
father dad
brother sibling
doctor physician
car automobile vehicle
company firm business corporation
team side squad
game match
country nation
die death dead decease
kill murder
bear birth
marry marriage wed
use utilize employ
show display exhibit
create make build construct produce
find discover
write pen
kind type sort
part portion piece
area region zone
people person human
man guy
woman lady
fast quick rapid
hard difficult
easy simple
old ancient
new recent
rich wealthy
happy glad
sad unhappy
important significant crucial
beautiful pretty
allow permit let
ban prohibit outlaw forbid
stop cease halt quit
need require
get obtain receive
give provide supply offer
include contain comprise consist
say state tell
call name title dub
play perform star
win victory
lose loss
live reside
move relocate
increase rise grow
decrease decline drop fall reduce
house home
street road
money cash
price cost
earn gross
album record
review rating
critic reviewer
average mean
worldwide globally global
return come
approximately roughly about around
nearly almost
sometimes occasionally
often frequently
usually typically normally generally
many numerous
several various
main primary chief principal
entire whole
begin origin originate
former previous
near close
meal food
sick ill
smart intelligent clever
scientist researcher
fix repair
choose select pick
teach instruct
speak talk
look see watch
want wish desire
try attempt
keep retain
answer reply respond
ask request
job work
fan supporter
test exam
infect infection case
confirm verify
fatality death
soccer football
holiday vacation
phone telephone
photo picture photograph image
ad advertisement advert
laptop notebook
refund reimburse
"""
"""Groups of words that a claim may put for one another, one a line."""

OPPOSITES = """
win lose
winner loser
increase decrease
rise fall
grow shrink
high low
higher lower
highest lowest
large small
larger smaller
largest smallest
big little
bigger smaller
biggest smallest
long short
longer shorter
longest shortest
old young
older younger
oldest youngest
old new
early late
earlier later
first last
before after
more less
more fewer
most least
good bad
better worse
best worst
positive negative
favorable unfavorable
hot cold
warm cool
fast slow
faster slower
strong weak
rich poor
true false
right wrong
correct incorrect
begin end
start stop
open close
open shut
enter leave
arrive depart
buy sell
give take
love hate
like dislike
accept reject
allow forbid
allow prohibit
permit ban
legal illegal
include exclude
add remove
remain leave
alive dead
live die
male female
man woman
boy girl
husband wife
father mother
son daughter
brother sister
uncle aunt
king queen
actor actress
north south
northern southern
east west
eastern western
left right
up down
above below
over under
inside outside
inner outer
upper lower
top bottom
front back
day night
morning evening
summer winter
hard easy
hard soft
heavy light
dark light
black white
full empty
public private
major minor
maximum minimum
majority minority
always never
all none
everything nothing
same different
similar different
possible impossible
likely unlikely
able unable
known unknown
common rare
common uncommon
popular unpopular
successful unsuccessful
success failure
succeed fail
pass fail
married single
married divorced
married unmarried
domestic foreign
internal external
import export
urban rural
ancient modern
temporary permanent
active inactive
guilty innocent
safe dangerous
healthy unhealthy
simple complex
cheap expensive
free paid
wet dry
wide narrow
deep shallow
thick thin
beginner expert
teacher student
enemy friend
war peace
victory defeat
gain loss
profit loss
attack defend
asia europe
fiction nonfiction
human animal
carnivore herbivore
odd even
vertical horizontal
mixed positive
praise criticize
universal limited
"""
"""Pairs where the one said and the other meant is a contradiction, one a line."""

IRREGULAR = """
be am is are was were been being
begin began begun
break broke broken
bring brought
build built
buy bought
catch caught
choose chose chosen
come came
do did done does
draw drew drawn
drink drank drunk
drive drove driven
eat ate eaten
fall fell fallen
feel felt
fight fought
find found
fly flew flown
forget forgot forgotten
get got gotten
give gave given
go went gone
grow grew grown
have has had
hear heard
hold held
keep kept
know knew known
lay laid
lead led
leave left
lose lost
make made
mean meant
meet met
pay paid
ride rode ridden
ring rang rung
rise rose risen
run ran
say said
see saw seen
sell sold
send sent
shoot shot
show shown
sing sang sung
sink sank sunk
sit sat
sleep slept
speak spoke spoken
spend spent
stand stood
steal stole stolen
strike struck
swim swam swum
take took taken
teach taught
tell told
think thought
throw threw thrown
understand understood
wear wore worn
win won
write wrote written
bear born borne
die dying died dies
lie lying
child children
man men
woman women
person people
foot feet
tooth teeth
mouse mice
goose geese
life lives
wife wives
knife knives
leaf leaves
half halves
self selves
series species
good better best
bad worse worst
"""
"""Forms that no rule of endings finds, one word a line, its first form first."""

MONTH = (
    r"(?P<month>jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|"
    r"sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)"
)
"""A pattern of a month's name, whole or shortened, in lower case."""
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")


def month_of(name: str) -> int:
    """The number of a month, 1 to 12, by its name.

    Raises:
        ValueError: It is none.
    """
    return _MONTHS.index(name[:3].lower()) + 1
