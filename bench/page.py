"""How long from the click to the first quote on the page, in a real browser of the real service over seeds/.

    pip install -e ".[dev]" && python bench/page.py

Needs Chromium (`apt install chromium`). Prints the median over twenty questions of the gold set that the texts answer, the
service being warm; beside it what the service itself took, by its own clock.
"""

import statistics

from screenshots import browser, served

from eval.gold import SEEDS_GOLD, load_gold

WARMING, MEASURED = 3, 20
# From the click to the frame that shows the first quote; null where it is a refusal.
CLICKED = """async (question) => {
  document.getElementById("new").click();
  document.getElementById("question").value = question;
  const turns = document.getElementById("turns");
  const shown = new Promise((tell) => new MutationObserver((_, observer) => {
    if (!turns.querySelector("blockquote, .refused, .failure")) return;
    observer.disconnect();
    requestAnimationFrame(() => requestAnimationFrame(() => tell(performance.now())));
  }).observe(turns, { childList: true, subtree: true }));
  const start = performance.now();
  document.getElementById("send").click();
  const took = (await shown) - start;
  if (!turns.querySelector(".quote")) return null;
  for (;;) {
    const chats = Object.values(localStorage).map((kept) => JSON.parse(kept));
    const answered = chats.sort((a, b) => (a.at < b.at ? 1 : -1))[0]?.turns[0];
    if (answered?.question === question) return [took, answered.answer.timings.total];
    await new Promise((after) => setTimeout(after, 10));
  }
}"""


def main() -> None:
    questions = [one.question for one in load_gold(SEEDS_GOLD) if one.answerable]
    with served() as address, browser() as chromium:
        page = chromium.new_page()
        page.goto(address)
        page.locator("#examples").wait_for()
        for question in questions[:WARMING]:
            page.evaluate(CLICKED, question)
        times: list[tuple[float, float]] = []
        for question in questions[WARMING:]:
            measured = page.evaluate(CLICKED, question)
            if measured is not None:
                times.append((measured[0], measured[1]))
            if len(times) == MEASURED:
                break
    shown, answered = zip(*times, strict=True)
    print(f"click to first quote, {len(times)} questions, median  {statistics.median(shown):8.0f} ms")
    print(f"  the slowest                              {max(shown):8.0f} ms")
    print(f"  of it the service, by its own clock      {statistics.median(answered):8.0f} ms")


if __name__ == "__main__":
    main()
