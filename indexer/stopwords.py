"""Function words: what no search should hinge on. Written without accents where the folded form is the same word."""

FRENCH_STOP_WORDS = frozenset(
    """
    a à ai aie aient ait as au aucun aucune aujourd aura aurait auraient aux auxquelles auxquels avaient avais avait
    avant avec avez avoir avons ayant
    c ça car ce ceci cela celle celles celui cependant ces cet cette ceux chez ci comme comment
    d dans de dedans dehors depuis des desquelles desquels dont donc du duquel
    elle elles en encore entre es est et étaient étais était étant été être eu eux
    fait faire fais faut font fus fut
    hors hui
    il ils
    j jamais je jusque
    l la là laquelle le lequel les lesquelles lesquels leur leurs lors lorsque lui
    m ma mais me même mêmes mes moi mon
    n ne ni nos notre nous
    on ont or où ou
    par parce pas pendant peu peut peuvent peux plus plusieurs pour pourquoi pourrait puis puisque
    qu quand que quel quelle quelles quelque quelques quels qui quoi quoique
    s sa sans se sera serait seraient ses si soi soient soit son sont sous suis sur
    t ta tandis te tel telle telles tels tes toi ton tous tout toute toutes tu
    un une
    va vers voici voilà vont vos votre vous
    y
    combien lui-même elle-même eux-mêmes soi-même quelqu est-ce t-il t-elle dit dire ainsi alors aussi autre autres
    très trop bien afin
    """.split()
)

ENGLISH_STOP_WORDS = frozenset(
    """
    the of and to is are was were be been being it its this that these those by for with from at as or if
    what who whom which when where why how does do did done has have had can could should would will may might
    he she they them their his her there than then about into i you we our your my me us not no
    """.split()
)
