namespace Governance.Requests;

/// <summary>Why something was refused, for programs. The words for the person come with it.</summary>
public static class RefusalCode
{
    /// <summary>The person is not in the directory (any more).</summary>
    public const string UnknownPerson = "unknown-person";

    /// <summary>No request with this id.</summary>
    public const string NoSuchRequest = "no-such-request";

    /// <summary>Another request with this id was filed already.</summary>
    public const string AlreadyFiled = "already-filed";

    /// <summary>No app it could be about.</summary>
    public const string NoSuchApp = "no-such-app";

    /// <summary>Only the owner, the co-owner or the requester may do this.</summary>
    public const string NotYours = "not-yours";

    /// <summary>Nobody decides on what they asked for or own.</summary>
    public const string OwnRequest = "own-request";

    /// <summary>The person holds no role that is asked here, or has no open seat.</summary>
    public const string NotYourSeat = "not-your-seat";

    /// <summary>The account is a guest's, a program's or another organisation's: nobody signs with it.</summary>
    public const string Outsider = "outsider";

    /// <summary>The person signed already and cannot answer otherwise.</summary>
    public const string AlreadySigned = "already-signed";

    /// <summary>The request was decided, withdrawn or lapsed before.</summary>
    public const string AlreadyDecided = "already-decided";

    /// <summary>The requester changed it since the card was drawn.</summary>
    public const string ChangedSince = "changed-since";

    /// <summary>It is back with the requester.</summary>
    public const string ChangesAsked = "changes-asked";

    /// <summary>A rule stops it; nobody can sign it.</summary>
    public const string StoppedByRule = "stopped-by-rule";

    /// <summary>Words are needed: a reason, what to change, why to renew.</summary>
    public const string WordsWanted = "words-wanted";

    public const string TooLong = "too-long";

    /// <summary>The end of a waiver lies in the past or too far ahead.</summary>
    public const string WaiverDate = "waiver-date";

    /// <summary>The person a seat is handed to cannot take it.</summary>
    public const string CannotTakeSeat = "cannot-take-seat";

    /// <summary>The manifest asks for more than this kind of request may change.</summary>
    public const string NotAsInForce = "not-as-in-force";

    /// <summary>The new cap is not above the present one.</summary>
    public const string NotARaise = "not-a-raise";

    /// <summary>The app is in no state for this.</summary>
    public const string WrongState = "wrong-state";

    /// <summary>Archived too long ago to be restored by a click.</summary>
    public const string TooLate = "too-late";

    /// <summary>A cost report that cannot be meant: a day to come, an amount below zero.</summary>
    public const string NotACost = "not-a-cost";
}
