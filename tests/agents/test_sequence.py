"""The order that a task states for a list."""

from agents.answers import faults, listed
from agents.sequence import arranged, conditions

PAINT = (
    "I want to paint my room. Put these five jobs into the right order, as a numbered list from 1 to 5, one job per "
    "line, in my words: cover the floor, wash the brushes, buy the paint, paint the walls, move the furniture. Buying "
    "the paint comes first and washing the brushes last. The furniture must be moved before the floor is covered, and "
    "the floor must be covered before the walls are painted. Only the list, please."
)
MOVE = (
    "Faz um plano da mudança em passos numerados de 1 a 4: alugar a carrinha, encaixotar os livros, limpar a casa, "
    "entregar as chaves. Entregar as chaves é o último. Os livros são encaixotados antes de se alugar a carrinha, e a "
    "casa só depois de encaixotar os livros."
)


def test_what_the_task_says_of_the_order() -> None:
    pairs, first, last = conditions(PAINT, listed(PAINT))
    assert (sorted(pairs), first, last) == ([(0, 3), (4, 0)], 2, 1)
    pairs, first, last = conditions(MOVE, listed(MOVE))
    assert (sorted(pairs), first, last) == ([(1, 0), (1, 2)], None, 3)


def test_a_list_is_put_into_that_order() -> None:
    given = "1. cover the floor\n2. move the furniture\n3. wash the brushes\n4. buy the paint\n5. paint the walls"
    wanted = "1. buy the paint\n2. move the furniture\n3. cover the floor\n4. paint the walls\n5. wash the brushes"
    assert arranged(PAINT, given, listed(PAINT)) == wanted
    assert arranged(PAINT, wanted, listed(PAINT)) == wanted
    given = "Aqui está:\n1. Alugar a carrinha\n2. Entregar as chaves\n3. Limpar a casa\n4. Encaixotar os livros\nFim."
    wanted = "Aqui está:\n1. Encaixotar os livros\n2. Alugar a carrinha\n3. Limpar a casa\n4. Entregar as chaves\nFim."
    assert arranged(MOVE, given, listed(MOVE)) == wanted


def test_what_cannot_be_put_in_order_stays() -> None:
    missing = "1. paint the walls\n2. buy the paint"
    assert arranged(PAINT, missing, listed(PAINT)) == missing
    hours = "1. 9h00 paint the walls\n2. buy the paint\n3. cover the floor\n4. move the furniture\n5. wash the brushes"
    assert arranged(PAINT, hours, listed(PAINT)) == hours
    assert "By the task, move the furniture comes before cover the floor." in faults(PAINT, hours)
    circle = (
        "Plan in steps numbered 1 to 3: eat soup, drink tea, sing songs. Eat before you drink. Drink before you eat."
    )
    answer = "1. drink tea\n2. eat soup\n3. sing songs"
    assert arranged(circle, answer, listed(circle)) == answer
    assert arranged("Tell me a joke", "1. drink tea", []) == "1. drink tea"


def test_what_is_done_in_a_state_comes_before_its_end() -> None:
    task = (
        "Plan the sale as steps numbered 1 to 4, the steps are: open the road, close the road, set up the tables, "
        "sell the books. The tables are set up while the road is closed. Sell the books after the tables are set up."
    )
    given = "1. open the road\n2. close the road\n3. sell the books\n4. set up the tables"
    wanted = "1. close the road\n2. set up the tables\n3. open the road\n4. sell the books"
    assert arranged(task, given, listed(task)) == wanted
    other = task.replace("open the road", "paint the road")
    assert "1. paint the road" in arranged(other, given.replace("open", "paint"), listed(other))
