namespace ServiceProviderOcm.Sandbox.View;

/// <summary>Shows people what happens.</summary>
internal interface IView
{
    /// <summary>Says something once; not while something is shown.</summary>
    void Say(string text);

    /// <summary>Shows how everything stands, as it changes.</summary>
    /// <param name="following">What to show.</param>
    /// <param name="isEnough">Whether to end.</param>
    /// <param name="cancellationToken">Ends it, too.</param>
    Task ShowAsync(Following following, Func<Standing, bool> isEnough, CancellationToken cancellationToken);
}
