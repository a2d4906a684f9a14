namespace ServiceProviderOcm.Core.Model.States;

/// <summary><c>status.phase</c>, of an OCM or of one of the objects behind it.</summary>
public enum Phase
{
    /// <summary>Being created or updated, or held up.</summary>
    Progressing,

    /// <summary>All conditions are met.</summary>
    Ready,

    /// <summary>Being deleted.</summary>
    Terminating,
}
