"""AWS's regions and their names in the console.

Rule: an unknown region may be new and is accepted; an obvious mistake is rejected with the code that was meant.
Source: botocore's partitions.json.
"""

from ..errors import InputError

REGIONS = {
    "af-south-1": "Africa (Cape Town)",
    "ap-east-1": "Asia Pacific (Hong Kong)",
    "ap-east-2": "Asia Pacific (Taipei)",
    "ap-northeast-1": "Asia Pacific (Tokyo)",
    "ap-northeast-2": "Asia Pacific (Seoul)",
    "ap-northeast-3": "Asia Pacific (Osaka)",
    "ap-south-1": "Asia Pacific (Mumbai)",
    "ap-south-2": "Asia Pacific (Hyderabad)",
    "ap-southeast-1": "Asia Pacific (Singapore)",
    "ap-southeast-2": "Asia Pacific (Sydney)",
    "ap-southeast-3": "Asia Pacific (Jakarta)",
    "ap-southeast-4": "Asia Pacific (Melbourne)",
    "ap-southeast-5": "Asia Pacific (Malaysia)",
    "ap-southeast-6": "Asia Pacific (New Zealand)",
    "ap-southeast-7": "Asia Pacific (Thailand)",
    "ca-central-1": "Canada (Central)",
    "ca-west-1": "Canada West (Calgary)",
    "cn-north-1": "China (Beijing)",
    "cn-northwest-1": "China (Ningxia)",
    "eu-central-1": "Europe (Frankfurt)",
    "eu-central-2": "Europe (Zurich)",
    "eu-north-1": "Europe (Stockholm)",
    "eu-south-1": "Europe (Milan)",
    "eu-south-2": "Europe (Spain)",
    "eu-west-1": "Europe (Ireland)",
    "eu-west-2": "Europe (London)",
    "eu-west-3": "Europe (Paris)",
    "eusc-de-east-1": "AWS European Sovereign Cloud (Germany)",
    "il-central-1": "Israel (Tel Aviv)",
    "me-central-1": "Middle East (UAE)",
    "me-south-1": "Middle East (Bahrain)",
    "me-west-1": "Middle East (Saudi Arabia)",
    "mx-central-1": "Mexico (Central)",
    "sa-east-1": "South America (Sao Paulo)",
    "sa-west-1": "South America (Chile)",
    "us-east-1": "US East (N. Virginia)",
    "us-east-2": "US East (Ohio)",
    "us-gov-east-1": "AWS GovCloud (US-East)",
    "us-gov-west-1": "AWS GovCloud (US-West)",
    "us-west-1": "US West (N. California)",
    "us-west-2": "US West (Oregon)",
}


def check_region(text: str) -> "str | None":
    """Return a note about an unknown region that looks like a known one.

    Raises:
        InputError: The console's name of a region, a code with its hyphens wrong, or an availability zone.
    """
    if text in REGIONS:
        return None
    if f"{text}-1" in REGIONS:
        raise InputError("region", f"{text!r} is not a region; write {text}-1")
    if " " in text:
        inside = [word for word in text.replace("(", " ").replace(")", " ").split() if word in REGIONS]
        if len(inside) == 1:
            raise InputError("region", f"{text!r} is more than a region's code; write {inside[0]}")
    spelled = _letters(text)
    for code, name in REGIONS.items():
        place = name.partition("(")[2]
        if spelled in (_letters(name), _letters(name.replace("Europe", "EU")), _letters(place)):
            raise InputError("region", f"{text!r} is the console's name of a region; write {code}")
        if spelled in (_letters(code), _abbreviated(code)):
            raise InputError("region", f"{text!r} is not a region; write {code}")
        if spelled[:-1] == _letters(code) and spelled[-1].isalpha():
            raise InputError("region", f"{text!r} is an availability zone; write its region, {code}")
    from difflib import get_close_matches

    close = get_close_matches(text, REGIONS, n=1, cutoff=0.8)
    if not close and (text != text.lower() or text.count("-") >= 2):  # rejected elsewhere, or new
        return None
    close = [code for code in REGIONS if sorted(code) == sorted(text)] or close  # two letters in the wrong order
    hint = f"did you mean {close[0]}?" if close else "regions are written as in eu-west-1"
    return f"{text!r} is not among the regions known here; {hint}"


def _abbreviated(code: str) -> str:
    """Return `euw1` for eu-west-1, as in bills and resource names."""
    area, *directions, number = code.split("-")
    for whole in ("north", "south", "east", "west", "central"):
        directions = [word.replace(whole, whole[0]) for word in directions]
    return area + "".join(directions) + number


def _letters(text: str) -> str:
    """Return only letters and digits, in lower case, to compare spellings."""
    return "".join([character for character in text.lower().replace("ã", "a") if character.isalnum()])
