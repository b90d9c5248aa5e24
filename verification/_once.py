import re, runs, controls, page
from runs import Sample
if __name__ == "__main__":
    w=controls.read_controls(); e=w["controls"]["escorts-halved"]
    b=Sample(runs.simulate(runs.scenario("baseline"),200),200); v=Sample(runs.simulate(runs.scenario("escorts-halved"),200),200)
    reasons="".join(f"- {controls.titled(o)}: {y}.\n" for o,y in e["why"].items())
    part=f'### escorts-halved\n\nStated beforehand: "{e["stated"]}".\n\n{page.table(controls.control_table(e,b,v))}\n{reasons}'
    t=page.PAGE.read_text()
    t=re.sub(r"### escorts-halved\n.*?(?=\n### no-acceleration)",lambda m:part,t,flags=re.S)
    for line in ("- strikes on convoys: columns and lift convoys drive as before; small differences come from people who wait longer at Gao and Mopti.\n","- strikes on convoys: as many columns drive the same roads, later.\n"):
        assert line in t; t=t.replace(line,"")
    page.PAGE.write_text(t); print(part)
