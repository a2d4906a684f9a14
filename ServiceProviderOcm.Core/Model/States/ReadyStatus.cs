namespace ServiceProviderOcm.Core.Model.States;

/// <summary>The state of an OCM with its message. Phase, condition and Event are derived from it.</summary>
/// <param name="State">The state.</param>
/// <param name="Message">What is wrong, with the object's kind and name, and what to do, and who. Empty where nothing is reported.</param>
public sealed record ReadyStatus(OcmState State, string Message)
{
    /// <summary>Whether the OCM is being deleted.</summary>
    public bool IsBeingDeleted { get; init; }

    /// <summary>The state without regard to how long it has lasted: for a wait that has become a failure, what is waited for.</summary>
    public OcmState AwaitedState
    {
        get => field == OcmState.Gone ? State : field;
        init;
    }

    /// <summary>The reason of the Ready condition and of the Event.</summary>
    public string Reason => OcmStates.ReasonOf(State);

    /// <summary>The health of an OCM in that state.</summary>
    public Health Health => OcmStates.HealthOf(State);

    /// <summary>The phase.</summary>
    public Phase Phase => IsBeingDeleted ? Phase.Terminating : State == OcmState.Ready ? Phase.Ready : Phase.Progressing;

    /// <summary>A state that is not reported.</summary>
    public static ReadyStatus Unreported(OcmState state) => new(state, "");
}
