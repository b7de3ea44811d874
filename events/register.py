"""What the events hold of people: see `semaine.register`."""

from semaine.register import Processing

PROCESSINGS = (
    Processing(
        title="Si vous proposez un événement",
        kept="Ce que vous écrivez de l’événement et son contact ; l’historique de vos envois et des "
        "réponses ; un fichier "
        "que vous importez et ses lignes.",
        why="Examiner votre demande de label, vous répondre, prouver les décisions prises.",
        after="Le contact de l’événement : un an après la fin de l’édition. Un fichier importé : trente "
        "jours. Le reste : "
        "{retention}",
        recipients="Les référents de l’État de votre territoire. Le public ne voit que ce que vous "
        "publiez : le nom de "
        "l’organisation et le moyen de s’inscrire.",
        holds={
            "events.Event": (
                "created_by",
                "contact_name",
                "contact_email",
                "contact_phone",
                "public_contact",
                "registration_value",
                "description",
                "partners",
                "image_credit",
            ),
            "events.Amendment": ("changes", "by"),
            "events.Decision": ("by", "comment", "field_comments", "contents"),
            "events.EventImport": ("created_by", "file_name", "header", "content"),
            "events.ImportLine": ("cells", "title", "remarks"),
            "events.OrganizerMessage": ("subject", "text", "created_by", "sent_by"),
            "events.Note": ("by", "text"),
            "events.FiguresSnapshot": ("by",),
        },
    ),
    Processing(
        title="Si vous écrivez le bilan d’un événement",
        kept="Le nombre de personnes venues, par public, et la part de filles et de femmes ; les suites ; votre "
        "commentaire ; qui a écrit le bilan, et quand. Aucun nom de visiteur n’est demandé : n’en écrivez "
        "pas dans le "
        "commentaire.",
        why="Mesurer ce que la semaine apporte.",
        after="{retention}",
        recipients="Les membres de l’organisation. Les référents et le public ne voient que des sommes.",
        holds={"events.AttendanceReport": ("by", "comment")},
        see=("figures", "Les chiffres"),
    ),
)
