"""The chart as one page: inline SVG, its font inside, a few lines of script for what a stretch is; no network."""

from __future__ import annotations

from html import escape
from typing import Final

from reports.drawing.files import drawable_data
from reports.drawing.scene import Scene
from reports.drawing.svg import svg_text
from reports.gantt.model import GanttChart
from reports.gantt.page import lay_out
from reports.html.font import font_style

__all__ = ["html_page", "page_of"]

_STYLE: Final = """body{margin:1rem;background:#fff;color:#1d2733}svg{max-width:1170px;width:100%;height:auto}
[class^=bar]{cursor:help}[class^=bar]:hover{opacity:.75}
#tip{position:fixed;display:none;max-width:28em;padding:.35em .6em;background:#1d2733;color:#fff;border-radius:4px;
font:14px sans-serif;pointer-events:none}@media print{#tip{display:none!important}body{margin:0}}"""

# The native tooltip comes late and small; without script it still comes.
_SCRIPT: Final = """const tip=document.getElementById('tip');document.querySelectorAll('svg [class^=bar]').forEach(e=>{
const t=e.querySelector('title');if(!t)return;const words=t.textContent;t.remove();e.setAttribute('aria-label',words);
e.addEventListener('mousemove',m=>{tip.textContent=words;tip.style.display='block';
tip.style.left=Math.min(m.clientX+14,innerWidth-tip.offsetWidth-8)+'px';
tip.style.top=Math.min(m.clientY+16,innerHeight-tip.offsetHeight-8)+'px'});
e.addEventListener('mouseleave',()=>{tip.style.display='none'})});"""


def html_page(chart: GanttChart) -> bytes:
    """A page that opens from a stick: nothing is loaded from anywhere."""
    clean = drawable_data(chart, set())
    return page_of(lay_out(clean), clean.headline, chart.language)


def page_of(scene: Scene, title: str, language: str) -> bytes:
    """A page around one scene; shapes whose role begins with ``bar`` say what they are when pointed at."""
    picture = svg_text(scene, title, "gantt")
    tag = "zh-CN" if language == "zh" else "en"
    policy = "default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'; font-src data:"
    head = (
        f'<meta charset="utf-8"><meta http-equiv="Content-Security-Policy" content="{policy}">'
        f'<meta name="viewport" content="width=device-width"><title>{escape(title)}</title>'
        f"<style>{font_style(picture)}{_STYLE}</style>"
    )
    body = f'{picture}<div id="tip" role="status"></div><script>{_SCRIPT}</script>'
    return f'<!doctype html><html lang="{tag}"><head>{head}</head><body>{body}</body></html>\n'.encode()
