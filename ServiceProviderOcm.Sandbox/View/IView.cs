namespace ServiceProviderOcm.Sandbox.View;

/// <summary>Shows people what happens.</summary>
internal interface IView
{
    /// <summary>Says something once; not while something is shown.</summary>
    void Say(string text);

    /// <summary>Shows how everything stands, as it changes.</summary>
    /// <param name="following">What to show.</param>
    /// <param name="isEnough">Whether to end.</param>
    /// <param name="isLast">Whether what is seen at the end is to stay, since nothing is shown afterwards.</param>
    /// <param name="cancellationToken">Ends it, too.</param>
    Task ShowAsync(Following following, Func<Standing, bool> isEnough, bool isLast, CancellationToken cancellationToken);
}
