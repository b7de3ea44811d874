"""What the accounts, the organizations and the offices hold of people: see `semaine.register`."""

from semaine.register import Processing

PROCESSINGS = (
    Processing(
        title="Si vous avez un compte",
        kept="Votre courriel, votre nom, votre téléphone si vous le donnez ; votre mot de passe et vos "
        "autres moyens de "
        "connexion, sous une forme que personne ne peut lire ; les appareils où votre compte est ouvert, comme "
        "« Firefox sur Windows ».",
        why="Vous reconnaître, et vous montrer où votre compte est ouvert.",
        after="Jusqu’à ce que vous le supprimiez, ou trois ans sans connexion, un mois après un courriel. Une "
        "connexion : trente jours au plus, sept pour un agent.",
        recipients="Vous. Les membres de votre organisation lisent votre nom et votre adresse.",
        holds={
            "organizers.User": ("email", "name", "phone", "password"),
            "organizers.OpenSession": ("user", "device"),
            "account.EmailAddress": ("user", "email"),
            "account.EmailConfirmation": ("key",),
            "mfa.Authenticator": ("user", "data"),
            "sessions.Session": ("session_data",),
            "socialaccount.SocialAccount": ("user", "uid", "extra_data"),
            "socialaccount.SocialToken": ("token", "token_secret"),
        },
    ),
    Processing(
        title="Si vous invitez une personne, ou demandez à rejoindre une organisation",
        kept="L’adresse de la personne invitée, ou votre demande ; qui est membre de quelle organisation. "
        "Le SIRET que "
        "vous cherchez est demandé à un service de l’État, l’API Recherche d’entreprises, sans rien dire de vous.",
        why="Laisser une équipe préparer ses événements ensemble.",
        after="Invitations et demandes : un mois après leur fin ou la réponse. Un membre : jusqu’à son départ.",
        recipients="Les responsables de l’organisation ; ses autres membres voient le nom et l’adresse de "
        "chaque membre.",
        holds={
            "organizers.Membership": ("user",),
            "organizers.Invitation": ("email", "invited_by", "accepted_by"),
            "organizers.JoinRequest": ("user", "message", "answered_by"),
            "organizers.Organization": ("members",),
            "organizers.FormerOrganization": ("by",),
        },
    ),
    Processing(
        title="Si un logiciel utilise nos données ou écrit à votre place",
        kept="Pour lire : aucune clé. Contre les abus, une empreinte de l’adresse IP qui demande des fichiers ou "
        "l’interface pour les développeurs, une minute au plus. Pour écrire : un jeton, dont nous gardons "
        "une empreinte, "
        "l’usage que vous lui donnez, qui l’a créé ou révoqué et quand, et son dernier usage. Ce qu’il "
        "écrit est à votre "
        "nom dans l’historique.",
        why="Partager la charge du site entre tous, et savoir qui a écrit un événement.",
        after="Un jeton vaut jusqu’à ce qu’un responsable le révoque, ou que la personne qui l’a créé ne soit plus "
        "responsable. Ensuite : {retention}",
        recipients="Les responsables de l’organisation.",
        holds={"organizers.ApiToken": ("name", "issued_by", "revoked_by")},
        see=("api", "L’interface pour les développeurs"),
    ),
    Processing(
        title="Si vous êtes agent de l’État",
        kept="Votre courriel, votre nom, votre service, vos absences et qui vous remplace, vos décisions, "
        "vos notes, et "
        "un journal de vos connexions et de ce que vous changez dans l’administration.",
        why="Vous donner accès aux événements de votre territoire, garder la trace des décisions et de qui "
        "a eu quel droit.",
        after="{retention}",
        recipients="Les autres référents. L’organisateur lit le nom de votre service.",
        holds={
            "organizers.Office": ("contact_name", "contact_email", "contact_phone", "agents"),
            "organizers.OfficeMembership": ("user", "deputy"),
            "organizers.OfficeInvitation": ("email", "invited_by", "accepted_by"),
            "organizers.LogLine": ("by", "person", "detail"),
            "admin.LogEntry": ("user", "object_repr", "change_message"),
        },
    ),
)
