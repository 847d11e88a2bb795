"""Words that tell nothing of a tool, and those that stand for the words of servers; Portuguese ones among them."""

STOP = frozenset(
    "an and are as at be by for from has in into is it its of on or so that the th their them then there this to "
    "use used using us was what when which with you your tool tools will can if not all any one".split()
)
NAMES = {r"after\s*effects": "aftereffects"}
"""Names of several words that are common ones each."""
_SAME = """\
file arquivo arquivos ficheiro ficheiros
directory folder folders pasta pastas diretório diretórios
page página páginas
web site sites website websites online
browser navegador
navigate visit goto acesse acessar
open abra abre abrir
read leia lê ler
write escreva escreve escrever
search find procure procurar busque buscar pesquise
click clique clicar
button botão
form formulário
type fill preencha preencher digite
screenshot captura tela
time hora horas clock
timezone fuso
table tabela tabelas
query consulta consultar
database banco db
memory remember lembre lembrar
image picture photo imagem
copy copie copiar
move rename mova mover renomeie renomear
delete remove apague apagar remova remover
create make new crie criar novo nova
list liste listar
size large big tamanho
comp composition compositions composição
layer camada camadas
render renderize renderizar
"""
SYNONYMS = {word: first for first, *others in map(str.split, _SAME.splitlines()) for word in others}
